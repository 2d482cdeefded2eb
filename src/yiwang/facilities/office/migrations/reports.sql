-- A mark of adoption is written once; whoever sees the report's case sees it.

CREATE TRIGGER office_adoption_frozen BEFORE UPDATE OR DELETE ON office_adoption
    FOR EACH ROW EXECUTE FUNCTION office_kept();
CREATE TRIGGER office_adoption_kept BEFORE TRUNCATE ON office_adoption
    FOR EACH STATEMENT EXECUTE FUNCTION office_kept();

ALTER TABLE office_adoption ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_adoption_seen ON office_adoption
    USING ((SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = case_id));

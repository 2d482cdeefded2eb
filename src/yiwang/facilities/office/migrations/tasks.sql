-- Where a task came from is written once; whoever sees its case sees it.

CREATE TRIGGER office_task_frozen BEFORE UPDATE OR DELETE ON office_task
    FOR EACH ROW EXECUTE FUNCTION office_kept();
CREATE TRIGGER office_task_kept BEFORE TRUNCATE ON office_task
    FOR EACH STATEMENT EXECUTE FUNCTION office_kept();

ALTER TABLE office_task ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_task_seen ON office_task
    USING ((SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = case_id));

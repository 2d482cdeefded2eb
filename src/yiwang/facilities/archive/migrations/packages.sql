-- Packages name files of matters: the keepers of the fonds see them. What was handed over stays as it is.

ALTER TABLE archive_package ENABLE ROW LEVEL SECURITY;
CREATE POLICY archive_package_seen ON archive_package
    USING (
        (SELECT current_setting('yiwang.mode', true)) = 'system'
        OR CASE (SELECT current_setting('yiwang.mode', true))
            WHEN 'staff' THEN unit_id = ANY ((SELECT current_setting('yiwang.units', true)::bigint[])::bigint[])
            ELSE false
        END
    );

CREATE FUNCTION archive_package_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a package stays in the list';
    END IF;
    IF OLD.made_at IS NOT NULL
       AND (OLD.made_at, OLD.digest, OLD.seal, OLD.unit_count) IS DISTINCT FROM (NEW.made_at, NEW.digest, NEW.seal, NEW.unit_count) THEN
        RAISE EXCEPTION 'a package that was made is not another one';
    END IF;
    IF OLD.handed_over_at IS NOT NULL
       AND (OLD.handed_over_at, OLD.received_by, OLD.received_on, OLD.receipt_number)
           IS DISTINCT FROM (NEW.handed_over_at, NEW.received_by, NEW.received_on, NEW.receipt_number) THEN
        RAISE EXCEPTION 'a hand-over is not changed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER archive_package_guarded BEFORE UPDATE OR DELETE ON archive_package
    FOR EACH ROW EXECUTE FUNCTION archive_package_guarded();

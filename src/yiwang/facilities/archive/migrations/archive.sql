-- A file unit that has its number keeps it and its group; nobody removes one, and nobody disposes of one on hold.

CREATE FUNCTION archive_unit_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a file unit is not removed';
    END IF;
    IF OLD.item_number IS NOT NULL
       AND (OLD.fonds_id, OLD.category, OLD.year, OLD.period, OLD.section, OLD.item_number)
           IS DISTINCT FROM (NEW.fonds_id, NEW.category, NEW.year, NEW.period, NEW.section, NEW.item_number) THEN
        RAISE EXCEPTION 'an archive number is not changed';
    END IF;
    IF OLD.disposed_at IS NOT NULL AND NEW.disposed_at IS DISTINCT FROM OLD.disposed_at THEN
        RAISE EXCEPTION 'a disposal is not taken back';
    END IF;
    IF OLD.disposed_at IS NULL AND NEW.disposed_at IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM archive_hold h WHERE h.file_unit_id = NEW.id AND h.lifted_at IS NULL) THEN
            RAISE EXCEPTION 'a hold stops the disposal';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM archive_disposal_units m JOIN archive_disposal d ON d.id = m.disposal_id
            WHERE m.fileunit_id = NEW.id AND d.is_approved AND d.decided_by IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'a disposal is decided by two persons';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER archive_unit_guarded BEFORE UPDATE OR DELETE ON archive_fileunit
    FOR EACH ROW EXECUTE FUNCTION archive_unit_guarded();

CREATE FUNCTION archive_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a part of a file unit is not changed';
END $$;

CREATE TRIGGER archive_part_frozen BEFORE UPDATE OR DELETE ON archive_filepart
    FOR EACH ROW EXECUTE FUNCTION archive_part_frozen();

-- The second lock: the keepers of the fonds, without those who are kept away from the matter.

ALTER TABLE archive_fileunit ENABLE ROW LEVEL SECURITY;
CREATE POLICY archive_fileunit_seen ON archive_fileunit
    USING (
        (SELECT current_setting('yiwang.mode', true)) = 'system'
        OR CASE (SELECT current_setting('yiwang.mode', true))
            WHEN 'staff' THEN unit_id = ANY ((SELECT current_setting('yiwang.units', true)::bigint[])::bigint[])
                AND NOT excluded_units && (SELECT current_setting('yiwang.members', true)::bigint[])
                AND NOT excluded_accounts && (SELECT current_setting('yiwang.accounts', true)::bigint[])
            ELSE false
        END
    );

ALTER TABLE archive_filepart ENABLE ROW LEVEL SECURITY;
CREATE POLICY archive_filepart_seen ON archive_filepart
    USING (
        (SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM archive_fileunit u WHERE u.id = file_unit_id)
    );

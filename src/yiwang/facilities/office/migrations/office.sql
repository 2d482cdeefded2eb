-- What was signed, said, or urged is written once.

CREATE FUNCTION office_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was written down in % is never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['office_documentversion', 'office_signature', 'office_opinion', 'office_urging'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION office_kept()',
            v_table || '_frozen', v_table);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION office_kept()',
            v_table || '_kept', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['office_officialdocument', 'office_handling', 'office_delivery',
            'office_documentnumber', 'office_countersign', 'office_circulation', 'office_reading'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION office_kept()',
            v_table || '_stays', v_table);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION office_kept()',
            v_table || '_kept', v_table);
    END LOOP;
END $$;

-- A department's answer, a mark of having read and a released document don't change any more.

CREATE FUNCTION office_countersign_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'an answer to a countersigning is given once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_countersign_once BEFORE UPDATE ON office_countersign
    FOR EACH ROW EXECUTE FUNCTION office_countersign_once();

CREATE FUNCTION office_reading_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.read_at IS NOT NULL AND (NEW.read_at, NEW.read_by) IS DISTINCT FROM (OLD.read_at, OLD.read_by))
       OR (OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at)
       OR (OLD.cancelled_at IS NOT NULL AND NEW.cancelled_at IS DISTINCT FROM OLD.cancelled_at)
       OR (NEW.circulation_id, NEW.account_id, NEW.place) IS DISTINCT FROM (OLD.circulation_id, OLD.account_id, OLD.place) THEN
        RAISE EXCEPTION 'a mark of having read stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_reading_once BEFORE UPDATE ON office_reading
    FOR EACH ROW EXECUTE FUNCTION office_reading_once();

CREATE FUNCTION office_document_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'a released document is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_document_released BEFORE UPDATE ON office_officialdocument
    FOR EACH ROW EXECUTE FUNCTION office_document_released();

-- Numbers follow one another: each has the one before it, and what became of one is decided once.

CREATE FUNCTION office_number_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number < 1 OR (NEW.number > 1 AND NOT EXISTS (
        SELECT 1 FROM office_documentnumber
        WHERE series_id = NEW.series_id AND year = NEW.year AND number = NEW.number - 1)) THEN
        RAISE EXCEPTION 'number % of % has none before it', NEW.number, NEW.year USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_number_follows BEFORE INSERT ON office_documentnumber
    FOR EACH ROW EXECUTE FUNCTION office_number_follows();

CREATE FUNCTION office_number_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.series_id, NEW.year, NEW.number) IS DISTINCT FROM (OLD.series_id, OLD.year, OLD.number)
       OR OLD.state = 'void' OR (OLD.state = 'issued' AND NEW.state <> 'void')
       OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id) THEN
        RAISE EXCEPTION 'a number keeps its place and what became of it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_number_settled BEFORE UPDATE ON office_documentnumber
    FOR EACH ROW EXECUTE FUNCTION office_number_settled();

-- The second lock: a handling is seen by its units and by those it was sent to; the rest follows it.

ALTER TABLE office_handling ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_handling_seen ON office_handling
    USING (
        (SELECT current_setting('yiwang.mode', true)) = 'system'
        OR ((SELECT current_setting('yiwang.mode', true)) = 'staff'
            AND (unit_ids && (SELECT current_setting('yiwang.units', true)::bigint[])
                OR account_ids && (SELECT current_setting('yiwang.accounts', true)::bigint[]))
            AND NOT excluded_accounts && (SELECT current_setting('yiwang.accounts', true)::bigint[]))
    );

ALTER TABLE office_officialdocument ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_officialdocument_seen ON office_officialdocument
    USING ((SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM office_handling h WHERE h.document_id = office_officialdocument.id));

ALTER TABLE office_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_delivery_seen ON office_delivery
    USING ((SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM office_handling h
            WHERE h.document_id = office_delivery.document_id
              AND (h.direction = 'out' OR h.unit_id = office_delivery.unit_id)));

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['office_countersign', 'office_circulation', 'office_reading', 'office_opinion',
            'office_urging'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT current_setting(''yiwang.mode'', true)) = ''system'''
            ' OR EXISTS (SELECT 1 FROM office_handling h WHERE h.id = handling_id))', v_table || '_seen', v_table);
    END LOOP;
END $$;

-- Whoever received a document sees what was released, not its drafts.

ALTER TABLE office_documentversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_documentversion_seen ON office_documentversion
    USING ((SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM office_handling h
            WHERE h.document_id = office_documentversion.document_id AND (h.direction = 'out' OR is_release)));

ALTER TABLE office_signature ENABLE ROW LEVEL SECURITY;
CREATE POLICY office_signature_seen ON office_signature
    USING ((SELECT current_setting('yiwang.mode', true)) = 'system'
        OR EXISTS (SELECT 1 FROM office_documentversion v WHERE v.id = version_id));

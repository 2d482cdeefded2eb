-- The journal: each line's digest covers the line and the one before; nobody changes or removes a line.

CREATE FUNCTION casework_journal_digest(
    p_case bigint, p_number integer, p_verb text, p_at timestamptz, p_node integer, p_unit bigint,
    p_account bigint, p_principal bigint, p_from text, p_to text, p_data jsonb, p_before bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(concat_ws('|', p_case, p_number, p_verb,
        (extract(epoch FROM p_at) * 1000000)::bigint, p_node, coalesce(p_unit, 0), coalesce(p_account, 0),
        coalesce(p_principal, 0), p_from, p_to, p_data::text, encode(coalesce(p_before, ''::bytea), 'hex')), 'UTF8'))
$$;

CREATE FUNCTION casework_journal_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_before bytea;
BEGIN
    IF NEW.number > 1 THEN
        SELECT digest INTO v_before FROM casework_journalentry WHERE case_id = NEW.case_id AND number = NEW.number - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the journal of case % has no line before %', NEW.case_id, NEW.number;
        END IF;
    END IF;
    NEW.digest := casework_journal_digest(NEW.case_id, NEW.number, NEW.verb, NEW.at, NEW.node, NEW.unit_id,
        NEW.account_id, NEW.principal_id, NEW.from_state, NEW.to_state, NEW.data, v_before);
    RETURN NEW;
END $$;

CREATE TRIGGER casework_journal_seal BEFORE INSERT ON casework_journalentry
    FOR EACH ROW EXECUTE FUNCTION casework_journal_seal();

CREATE FUNCTION casework_journal_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_append(NEW.account_id, NEW.unit_id, 'journal.appended', 'case', NEW.case_id, '',
        jsonb_build_object('entry', NEW.number, 'digest', encode(NEW.digest, 'hex')));
    RETURN NULL;
END $$;

CREATE TRIGGER casework_journal_audit AFTER INSERT ON casework_journalentry
    FOR EACH ROW EXECUTE FUNCTION casework_journal_audit();

CREATE FUNCTION casework_journal_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;

CREATE TRIGGER casework_journal_frozen BEFORE UPDATE OR DELETE ON casework_journalentry
    FOR EACH ROW EXECUTE FUNCTION casework_journal_frozen();
CREATE TRIGGER casework_journal_kept BEFORE TRUNCATE ON casework_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION casework_journal_frozen();

-- A letter's content is frozen; only the hash of its PDF is added later, once.

CREATE FUNCTION casework_letter_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.file_digest = ''
       AND (OLD.case_id, OLD.kind, OLD.number, OLD.content, OLD.issued_at, OLD.entry_number, OLD.unit_id)
         = (NEW.case_id, NEW.kind, NEW.number, NEW.content, NEW.issued_at, NEW.entry_number, NEW.unit_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a letter that was made is not changed';
END $$;

CREATE TRIGGER casework_letter_frozen BEFORE UPDATE OR DELETE ON casework_letter
    FOR EACH ROW EXECUTE FUNCTION casework_letter_frozen();

-- The second lock. Who is asking stands in settings that `kernel.access.locks` makes at every request.


ALTER TABLE casework_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY casework_case_seen ON casework_case
    USING (
        (SELECT current_setting('yiwang.mode', true)) = 'system'
        OR CASE (SELECT current_setting('yiwang.mode', true))
            WHEN 'staff' THEN unit_ids && (SELECT current_setting('yiwang.units', true)::bigint[])
                AND NOT excluded_units && (SELECT current_setting('yiwang.members', true)::bigint[])
                AND NOT (SELECT current_setting('yiwang.account', true)::bigint) = ANY (excluded_accounts)
            WHEN 'receipt' THEN id = (SELECT current_setting('yiwang.case', true)::bigint)
            ELSE false
        END
    );

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['casework_journalentry', 'casework_attachment', 'casework_letter', 'casework_party'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING ((SELECT current_setting(''yiwang.mode'', true)) = ''system'''
            ' OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = case_id))',
            v_table || '_seen', v_table);
    END LOOP;
END $$;

-- A receipt's page is found by the hash of its code before anybody is known to the lock.

CREATE FUNCTION casework_case_of_receipt(p_digest bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id FROM casework_case WHERE receipt_digest = p_digest
$$;

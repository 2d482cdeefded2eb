-- Whoever stands in for somebody who is kept away is kept away too: the setting names every account in whose
-- name the person acts.

ALTER POLICY casework_case_seen ON casework_case
    USING (
        (SELECT current_setting('yiwang.mode', true)) = 'system'
        OR CASE (SELECT current_setting('yiwang.mode', true))
            WHEN 'staff' THEN unit_ids && (SELECT current_setting('yiwang.units', true)::bigint[])
                AND NOT excluded_units && (SELECT current_setting('yiwang.members', true)::bigint[])
                AND NOT excluded_accounts && (SELECT current_setting('yiwang.accounts', true)::bigint[])
            WHEN 'receipt' THEN id = (SELECT current_setting('yiwang.case', true)::bigint)
            ELSE false
        END
    );

-- A dossier only grows: the application takes nothing out of it, and changes nothing in what was brought.

REVOKE DELETE, TRUNCATE ON casework_case, casework_journalentry, casework_letter, casework_party,
    casework_attachment FROM yiwang_app;
REVOKE UPDATE ON casework_journalentry, casework_party, casework_attachment FROM yiwang_app;

-- Of a letter nothing changes but the hash of its PDF, once; the first version forgot to whom it goes.

CREATE OR REPLACE FUNCTION casework_letter_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.file_digest = ''
       AND to_jsonb(OLD) - 'file_digest' = to_jsonb(NEW) - 'file_digest' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a letter that was made is not changed';
END $$;

CREATE TRIGGER casework_letter_kept BEFORE TRUNCATE ON casework_letter
    FOR EACH STATEMENT EXECUTE FUNCTION casework_letter_frozen();

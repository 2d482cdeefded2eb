-- Duties that must stay apart (administrator, security officer, auditor, cases) stay apart through delegation
-- too. Both triggers lock the account's row first, so that two transactions see each other's work.
CREATE FUNCTION people_delegation_kept_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    delegated people_post%ROWTYPE;
BEGIN
    PERFORM 1 FROM people_account WHERE id = NEW.to_id FOR NO KEY UPDATE;
    SELECT * INTO delegated FROM people_post WHERE id = NEW.post_id;
    IF NEW.granted_at IS NOT NULL AND NEW.granted_by_id IS NULL AND NEW.made_by_id <> delegated.account_id THEN
        RAISE EXCEPTION 'delegation_granted_by_a_second_person' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.ended_at IS NULL AND (
        EXISTS (
            SELECT FROM people_post p
            WHERE p.account_id = NEW.to_id AND p.refused_at IS NULL
              AND people_duty(p.role) <> people_duty(delegated.role)
              AND daterange(p.from_on, p.until_on) && daterange(NEW.from_on, NEW.until_on))
        OR EXISTS (
            SELECT FROM people_delegation d JOIN people_post p ON p.id = d.post_id
            WHERE d.to_id = NEW.to_id AND d.ended_at IS NULL AND d.id <> NEW.id
              AND people_duty(p.role) <> people_duty(delegated.role)
              AND daterange(d.from_on, d.until_on) && daterange(NEW.from_on, NEW.until_on)))
    THEN
        RAISE EXCEPTION 'delegation_separation_of_duties' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER people_delegation_kept_apart BEFORE INSERT OR UPDATE ON people_delegation
    FOR EACH ROW EXECUTE FUNCTION people_delegation_kept_apart();

CREATE FUNCTION people_post_kept_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM people_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF NEW.refused_at IS NULL AND EXISTS (
        SELECT FROM people_delegation d JOIN people_post p ON p.id = d.post_id
        WHERE d.to_id = NEW.account_id AND d.ended_at IS NULL
          AND people_duty(p.role) <> people_duty(NEW.role)
          AND daterange(d.from_on, d.until_on) && daterange(NEW.from_on, NEW.until_on))
    THEN
        RAISE EXCEPTION 'delegation_separation_of_duties' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER people_post_kept_apart BEFORE INSERT OR UPDATE ON people_post
    FOR EACH ROW EXECUTE FUNCTION people_post_kept_apart();

-- What was granted stays as it was granted: it may only become shorter. Nothing granted is ever deleted.
CREATE FUNCTION people_post_only_shortened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a granted post stays on record' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.account_id, NEW.unit_id, NEW.role, NEW.from_on, NEW.proposed_by_id, NEW.granted_by_id, NEW.granted_at)
           IS DISTINCT FROM
       (OLD.account_id, OLD.unit_id, OLD.role, OLD.from_on, OLD.proposed_by_id, OLD.granted_by_id, OLD.granted_at)
       OR (OLD.refused_at IS NOT NULL AND NEW.refused_at IS NULL)
       OR (OLD.until_on IS NOT NULL AND (NEW.until_on IS NULL OR NEW.until_on > OLD.until_on))
    THEN
        RAISE EXCEPTION 'a granted post may only be shortened' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER people_post_only_shortened BEFORE UPDATE OR DELETE ON people_post
    FOR EACH ROW WHEN (OLD.granted_at IS NOT NULL) EXECUTE FUNCTION people_post_only_shortened();

-- The words of a version are frozen once it is approved; who corrects writes a new one.

CREATE FUNCTION notices_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_at IS NOT NULL THEN
        RAISE EXCEPTION 'an approved version of an announcement is not changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER notices_version_frozen BEFORE UPDATE OR DELETE ON notices_announcementversion
    FOR EACH ROW EXECUTE FUNCTION notices_version_frozen();

-- Nobody takes back that they read something, or reads for somebody at another time.

CREATE FUNCTION notices_reading_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a reading is not changed';
END $$;

CREATE TRIGGER notices_reading_kept BEFORE UPDATE OR DELETE ON notices_reading
    FOR EACH ROW EXECUTE FUNCTION notices_reading_kept();

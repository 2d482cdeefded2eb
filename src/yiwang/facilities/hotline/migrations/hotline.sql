-- What happened to a call, and how an article read, is never changed or removed.

CREATE FUNCTION hotline_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was written down in % is never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER hotline_event_frozen BEFORE UPDATE OR DELETE ON hotline_callevent
    FOR EACH ROW EXECUTE FUNCTION hotline_kept();
CREATE TRIGGER hotline_event_kept BEFORE TRUNCATE ON hotline_callevent
    FOR EACH STATEMENT EXECUTE FUNCTION hotline_kept();
CREATE TRIGGER hotline_version_frozen BEFORE UPDATE OR DELETE ON hotline_articleversion
    FOR EACH ROW EXECUTE FUNCTION hotline_kept();
CREATE TRIGGER hotline_version_kept BEFORE TRUNCATE ON hotline_articleversion
    FOR EACH STATEMENT EXECUTE FUNCTION hotline_kept();
CREATE TRIGGER hotline_call_kept BEFORE DELETE ON hotline_call
    FOR EACH ROW EXECUTE FUNCTION hotline_kept();

-- A driver hears at once that there is something to do; the payload is the driver's name alone.

CREATE FUNCTION hotline_tell_driver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('yiwang_hotline', NEW.driver);
    RETURN NULL;
END $$;

CREATE TRIGGER hotline_tell_driver AFTER INSERT ON hotline_command
    FOR EACH ROW EXECUTE FUNCTION hotline_tell_driver();

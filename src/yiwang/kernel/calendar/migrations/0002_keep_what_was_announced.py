"""What was announced stays: the database lets an announcement be superseded once and nothing else happen to it."""

from django.db import migrations

KEEP = """
CREATE FUNCTION calendar_keep_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an announced day is never changed or removed: publish the year anew'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION calendar_keep_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
       AND (NEW.id, NEW.year, NEW.version, NEW.status, NEW.source, NEW.published_at, NEW.published_by)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.year, OLD.version, OLD.status, OLD.source, OLD.published_at, OLD.published_by)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an announcement is never changed or removed: publish the year anew'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER calendar_keep_day BEFORE UPDATE OR DELETE ON calendar_calendarday
    FOR EACH ROW EXECUTE FUNCTION calendar_keep_day();
CREATE TRIGGER calendar_keep_year BEFORE UPDATE OR DELETE ON calendar_calendaryear
    FOR EACH ROW EXECUTE FUNCTION calendar_keep_year();
"""

LET_GO = """
DROP TRIGGER calendar_keep_year ON calendar_calendaryear;
DROP TRIGGER calendar_keep_day ON calendar_calendarday;
DROP FUNCTION calendar_keep_year();
DROP FUNCTION calendar_keep_day();
"""


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]

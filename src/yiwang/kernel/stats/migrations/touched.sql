-- Every change of a case says of which day the case is, in the changing transaction. Inserting needs no lock,
-- so that people who work on cases of one day never wait for one another.

CREATE TABLE stats_touched (
    day date NOT NULL,
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (day, xact)
);

CREATE FUNCTION stats_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stats_touched (day) SELECT DISTINCT received_on FROM fresh ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER stats_touch_inserted AFTER INSERT ON casework_case
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION stats_touch();
CREATE TRIGGER stats_touch_updated AFTER UPDATE ON casework_case
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION stats_touch();

-- The few cases kept from somebody are tallied apart, and counted one by one for those they are kept from.

CREATE INDEX stats_case_kept_back ON casework_case (received_on)
    WHERE excluded_units <> '{}' OR excluded_accounts <> '{}';

-- The nearest team that may be chosen at all: `ORDER BY point(x, y) <-> point(…)` reads this index in order.
CREATE INDEX dispatch_team_nearest ON dispatch_team USING gist (point(x, y))
    WHERE is_active AND NOT is_suspended;

-- The nearest of every team, to say what speaks against those that weren't chosen.
CREATE INDEX dispatch_team_near ON dispatch_team USING gist (point(x, y));

-- What was decided stays as it was: from it the choice is worked out again.
CREATE FUNCTION dispatch_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision is written once and stays';
END $$;
CREATE TRIGGER dispatch_decision_stays BEFORE UPDATE OR DELETE ON dispatch_decision
    FOR EACH ROW EXECUTE FUNCTION dispatch_decision_stays();
CREATE TRIGGER dispatch_decision_not_emptied BEFORE TRUNCATE ON dispatch_decision
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch_decision_stays();

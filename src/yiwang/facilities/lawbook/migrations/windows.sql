-- The windows of a passage stand in the row: a load makes them itself, several times quicker than an index would,
-- and the database makes them for every row that comes without.
ALTER TABLE lawbook_passage ADD COLUMN tokens tsvector;
ALTER TABLE lawbook_passage ALTER COLUMN tokens SET STORAGE EXTERNAL;

CREATE FUNCTION lawbook_passage_windows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.tokens := search_tokens(search_normalise(NEW.heading || E'\n' || NEW.text));
  RETURN NEW;
END
$$;
CREATE TRIGGER lawbook_passage_windows_missing BEFORE INSERT ON lawbook_passage
    FOR EACH ROW WHEN (NEW.tokens IS NULL) EXECUTE FUNCTION lawbook_passage_windows();
CREATE TRIGGER lawbook_passage_windows_changed BEFORE UPDATE OF heading, text ON lawbook_passage
    FOR EACH ROW EXECUTE FUNCTION lawbook_passage_windows();

DROP INDEX lawbook_passage_tokens;
UPDATE lawbook_passage SET tokens = search_tokens(folded);
ALTER TABLE lawbook_passage ALTER COLUMN tokens SET NOT NULL;
CREATE INDEX lawbook_passage_tokens ON lawbook_passage USING gin (tokens)
    WITH (fastupdate = on, gin_pending_list_limit = 4096);

-- What is searched, spelt as the search spells it; the heading stands before the text.
ALTER TABLE lawbook_passage ADD COLUMN folded text
    GENERATED ALWAYS AS (search_normalise(heading || E'\n' || text)) STORED;

CREATE INDEX lawbook_passage_tokens ON lawbook_passage USING gin (search_tokens(folded))
    WITH (fastupdate = on, gin_pending_list_limit = 4096);

-- The words whose windows don't say everything: whatever isn't two wide characters is compared with the text too.
CREATE OR REPLACE FUNCTION search_rechecked(p_words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT search_patterns(coalesce(array_agg(word) FILTER (
           WHERE char_length(word) <> 2 OR left(word, 1) < U&'\2E80' COLLATE "C"
                 OR right(word, 1) < U&'\2E80' COLLATE "C"), '{}'))
  FROM unnest(p_words) AS word
$$;

-- The newest documents that hold every word and pass the caller's predicate, older than a key; and, unless p_cap is
-- null, how many there are in all, counted to one more than the cap (every row bears the number).
-- A few of the newest are looked at first: how often the words stand there says what is cheaper, to look on until
-- there are enough, or to let the index name them all, which gives the number with the page.
CREATE OR REPLACE FUNCTION search_page(p_query text, p_kind text, p_where text, p_before_at timestamptz,
    p_before_id bigint, p_limit integer, p_cap integer)
RETURNS TABLE (object_id bigint, at timestamptz, number integer)
LANGUAGE plpgsql STABLE SET work_mem = '32MB' AS $$
DECLARE
  furthest CONSTANT integer := 100000;
  words text[] := search_words(p_query);
  patterns text[] := search_patterns(words);
  rechecked text[] := search_rechecked(words);
  question tsquery := search_question(words);
  older text := CASE WHEN p_before_at IS NULL THEN 'true' ELSE '(at, object_id) < ($3, $4)' END;
  wanted integer := greatest(p_limit, p_cap + 1);
  depth integer := 500;
  ids bigint[];
  times timestamptz[];
  found integer;
  seen integer;
  size float;
  to_all float;
  to_page float;
  by_index float;
BEGIN
  IF cardinality(words) = 0 THEN
    RETURN;
  END IF;
  SELECT greatest(reltuples, 10000) INTO size FROM pg_class WHERE oid = 'search_document'::regclass;
  LOOP
    EXECUTE format(
      'SELECT array_agg(object_id), array_agg(at) FROM (
         SELECT object_id, at FROM (SELECT * FROM search_document WHERE kind = $1 AND %s
                                    ORDER BY at DESC, object_id DESC LIMIT %s) AS newest
         WHERE text LIKE ALL ($2) AND (%s) LIMIT %s) AS hits',
      older, depth, p_where, wanted)
    INTO ids, times USING p_kind, patterns, p_before_at, p_before_id;
    found := coalesce(cardinality(ids), 0);
    EXIT WHEN found >= wanted OR depth > 500;
    by_index := size * found / depth;
    to_all := ceil(1.5 * wanted * depth / greatest(found, 0.5));
    to_page := ceil(1.5 * p_limit * depth / greatest(found, 0.5));
    IF to_all <= least(by_index, furthest) THEN
      depth := to_all;
    ELSIF found < p_limit AND to_page <= least(by_index - wanted, furthest) THEN
      depth := greatest(to_page, 501);
    ELSE
      EXIT;
    END IF;
  END LOOP;
  IF found >= p_limit THEN
    seen := found;
    IF p_cap IS NOT NULL AND found < wanted THEN
      EXECUTE format(
        'SELECT count(*) FROM (SELECT FROM search_document
           WHERE kind = $1 AND search_tokens(text) @@ $2 AND text LIKE ALL ($3) AND (%s) LIMIT %s) AS hits',
        p_where, wanted)
      INTO seen USING p_kind, question, rechecked;
    END IF;
    RETURN QUERY SELECT h.id, h.moment, CASE WHEN p_cap IS NOT NULL THEN least(seen, p_cap + 1) END
                 FROM unnest(ids, times) AS h (id, moment) ORDER BY h.moment DESC, h.id DESC LIMIT p_limit;
    RETURN;
  END IF;
  RETURN QUERY EXECUTE format(
    'WITH hits AS MATERIALIZED (
       SELECT object_id, at FROM search_document
       WHERE kind = $1 AND search_tokens(text) @@ $6 AND text LIKE ALL ($2) AND (%2$s) AND %3$s)
     SELECT object_id, at, %1$s FROM hits ORDER BY at DESC, object_id DESC LIMIT $5',
    CASE WHEN p_cap IS NULL THEN 'NULL::integer' ELSE 'least(count(*) OVER (), $7)::integer' END, p_where, older)
  USING p_kind, rechecked, p_before_at, p_before_id, p_limit, question, p_cap + 1;
END
$$;

CREATE OR REPLACE FUNCTION search_find(p_query text, p_kind text, p_where text, p_before_at timestamptz,
    p_before_id bigint, p_limit integer)
RETURNS TABLE (object_id bigint, at timestamptz, text text)
LANGUAGE sql STABLE AS $$
  SELECT d.object_id, d.at, d.text
  FROM search_page(p_query, p_kind, p_where, p_before_at, p_before_id, p_limit, NULL) AS h
  JOIN search_document AS d ON d.kind = p_kind AND d.object_id = h.object_id
  ORDER BY h.at DESC, h.object_id DESC
$$;

-- How many documents a question finds, counted no further than p_cap.
CREATE OR REPLACE FUNCTION search_count(p_query text, p_kind text, p_where text, p_cap integer) RETURNS integer
LANGUAGE sql STABLE AS $$
  SELECT coalesce(max(number), 0) FROM search_page(p_query, p_kind, p_where, NULL, NULL, 1, p_cap - 1)
$$;

-- The one spelling in which texts are kept and searched: NFKC (full-width to half-width), small letters.
CREATE FUNCTION search_normalise(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(normalize(p_text, NFKC));

-- The windows of a normalised text, one for each character that isn't white space.
-- Wide characters (U+2E80 and above: Han, kana, hangul, emoji) start a window of two characters.
-- Narrow ones (Latin, digits, Uyghur, Tibetan, Mongolian) start a window of up to six, and when their run
-- ends sooner, with the wide character that follows. So every substring is the beginning of a window.
CREATE FUNCTION search_windows(p_text text) RETURNS TABLE (place bigint, token text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT place,
         CASE WHEN one < U&'\2E80' COLLATE "C"
              THEN substring(substr(p_text, place::int, 7)
                             FROM '^(?:[\u0021-\u2e7f]{6}|[\u0021-\u2e7f]{1,5}[\u2e80-\U0010ffff]?)')
              WHEN next > ' ' COLLATE "C" THEN one || next
              ELSE one
         END
  FROM (SELECT one, place, lead(one) OVER () AS next
        FROM unnest(string_to_array(p_text, NULL)) WITH ORDINALITY AS c (one, place)) AS characters
  WHERE one > ' ' COLLATE "C"
$$;

-- The cost keeps the planner from computing tokens row by row where the index has them.
CREATE FUNCTION search_tokens(p_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
  SELECT coalesce(array_to_tsvector(array_agg(token)), ''::tsvector) FROM public.search_windows(p_text)
$$;

-- The words of a question, normalised, without repetition.
CREATE FUNCTION search_words(p_query text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT word), '{}')
  FROM regexp_split_to_table(search_normalise(p_query), '[\u0001-\u0020]+') AS word
  WHERE word <> ''
$$;

-- The words as patterns for the exact recheck.
CREATE FUNCTION search_patterns(p_words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg('%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'), '{}')
  FROM unnest(p_words) AS word
$$;

-- What the index is asked: windows that can't grow with more text around the word must be there whole; a
-- word too short to hold one asks for windows that begin with it. At most 16 windows a word: the recheck
-- does the rest.
CREATE FUNCTION search_question(p_words text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(asked, ' & ')::tsquery
  FROM (
    SELECT '''' || replace(replace(token, '\', '\\'), '''', '''''') || ''''
           || CASE WHEN is_whole THEN '' ELSE ':*' END AS asked
    FROM unnest(p_words) WITH ORDINALITY AS w (word, number),
    LATERAL (
      SELECT token, is_whole, row_number() OVER (ORDER BY is_whole DESC, place) AS rank,
             bool_or(is_whole) OVER () AS has_whole
      FROM (SELECT place, token,
                   CASE WHEN token < U&'\2E80' COLLATE "C"
                        THEN char_length(token) > 1 AND right(token, 1) >= U&'\2E80' COLLATE "C"
                             OR token ~ '^[\u0021-\u2e7f]{6}$'
                        ELSE char_length(token) = 2
                   END AS is_whole
            FROM search_windows(word)) AS windows
    ) AS ranked
    WHERE CASE WHEN has_whole THEN is_whole AND rank <= 16 ELSE rank = 1 END
  ) AS asked_for
$$;

CREATE TABLE search_document (
    kind text NOT NULL,
    object_id bigint NOT NULL,
    at timestamptz NOT NULL,
    institution_id bigint,
    is_restricted boolean NOT NULL DEFAULT false,
    unit_ids bigint[] NOT NULL DEFAULT '{}',
    excluded_units bigint[] NOT NULL DEFAULT '{}',
    excluded_accounts bigint[] NOT NULL DEFAULT '{}',
    text text NOT NULL,
    PRIMARY KEY (kind, object_id)
);
CREATE INDEX search_document_newest ON search_document (kind, at DESC, object_id DESC);
CREATE INDEX search_document_tokens ON search_document USING gin (search_tokens(text), unit_ids)
    WITH (fastupdate = on, gin_pending_list_limit = 1024);
-- A document is written again with every entry of its journal: room on the page keeps it where it is, and
-- the pending list is folded in before it grows long.
ALTER TABLE search_document SET (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.02);

-- A text as it is kept: normalised, and no longer than the index can hold whatever its script.
CREATE FUNCTION search_text(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(search_normalise(left(p_text, 40000)), 40000);

-- Put one document into the index, or put it right. Longer texts are found by their first 40,000 characters.
CREATE FUNCTION search_put(p_kind text, p_id bigint, p_at timestamptz, p_text text, p_units bigint[],
    p_institution bigint, p_excluded_units bigint[], p_excluded_accounts bigint[], p_restricted boolean)
RETURNS void
LANGUAGE sql AS $$
  INSERT INTO search_document AS d (kind, object_id, at, text, unit_ids, institution_id, excluded_units,
                                    excluded_accounts, is_restricted)
  VALUES (p_kind, p_id, p_at, search_text(p_text), p_units, p_institution, p_excluded_units,
          p_excluded_accounts, p_restricted)
  ON CONFLICT (kind, object_id) DO UPDATE
  SET at = excluded.at, text = excluded.text, unit_ids = excluded.unit_ids,
      institution_id = excluded.institution_id, excluded_units = excluded.excluded_units,
      excluded_accounts = excluded.excluded_accounts, is_restricted = excluded.is_restricted
  WHERE (d.at, d.text, d.unit_ids, d.institution_id, d.excluded_units, d.excluded_accounts, d.is_restricted)
        IS DISTINCT FROM
        (excluded.at, excluded.text, excluded.unit_ids, excluded.institution_id, excluded.excluded_units,
         excluded.excluded_accounts, excluded.is_restricted)
$$;

-- The newest documents that hold every word and pass the caller's predicate, older than a key.
-- Scans the newest first: a common word fills the page at once. A word that didn't fill it is rare, and the
-- index answers. Which of both is cheaper follows from how often the word stood in the part scanned.
CREATE FUNCTION search_find(p_query text, p_kind text, p_where text, p_before_at timestamptz,
    p_before_id bigint, p_limit integer)
RETURNS TABLE (object_id bigint, at timestamptz, text text)
LANGUAGE plpgsql STABLE SET work_mem = '32MB' AS $$
DECLARE
  words text[] := search_words(p_query);
  patterns text[] := search_patterns(words);
  question tsquery := search_question(words);
  older text := CASE WHEN p_before_at IS NULL THEN 'true' ELSE '(at, object_id) < ($3, $4)' END;
  depth integer := 2000;
  hits search_document[];
  found integer;
  scanned integer;
  size float;
BEGIN
  IF cardinality(words) = 0 THEN
    RETURN;
  END IF;
  LOOP
    EXECUTE format(
      'WITH part AS (SELECT * FROM search_document WHERE kind = $1 AND %s
                     ORDER BY at DESC, object_id DESC LIMIT %s)
       SELECT array_agg(hit) FROM (SELECT part::search_document AS hit FROM part
                                   WHERE text LIKE ALL ($2) AND (%s) LIMIT %s) AS hits',
      older, depth, p_where, p_limit)
    INTO hits USING p_kind, patterns, p_before_at, p_before_id;
    found := coalesce(cardinality(hits), 0);
    IF found >= p_limit THEN
      RETURN QUERY SELECT h.object_id, h.at, h.text FROM unnest(hits) AS h ORDER BY h.at DESC, h.object_id DESC;
      RETURN;
    END IF;
    SELECT reltuples INTO size FROM pg_class WHERE oid = 'search_document'::regclass;
    -- rows still to scan, against rows that the index would fetch
    scanned := ceil(1.5 * p_limit * depth / greatest(found, 0.5));
    EXIT WHEN depth > 2000 OR scanned > 100000 OR scanned > greatest(size, 10000) * found / depth;
    depth := scanned;
  END LOOP;
  RETURN QUERY EXECUTE format(
    'WITH hits AS MATERIALIZED (
       SELECT object_id, at FROM search_document
       WHERE kind = $1 AND search_tokens(text) @@ $6 AND text LIKE ALL ($2) AND (%s) AND %s)
     SELECT d.object_id, d.at, d.text
     FROM (SELECT * FROM hits ORDER BY at DESC, object_id DESC LIMIT $5) AS h
     JOIN search_document AS d ON d.kind = $1 AND d.object_id = h.object_id
     ORDER BY h.at DESC, h.object_id DESC', p_where, older)
  USING p_kind, patterns, p_before_at, p_before_id, p_limit, question;
END
$$;

-- How many documents a question finds, counted no further than p_cap.
CREATE FUNCTION search_count(p_query text, p_kind text, p_where text, p_cap integer) RETURNS integer
LANGUAGE plpgsql STABLE SET work_mem = '32MB' AS $$
DECLARE
  words text[] := search_words(p_query);
  counted integer;
BEGIN
  IF cardinality(words) = 0 THEN
    RETURN 0;
  END IF;
  EXECUTE format(
    'SELECT count(*) FROM (SELECT FROM (SELECT * FROM search_document WHERE kind = $1
                                        ORDER BY at DESC, object_id DESC LIMIT 5000) AS newest
                           WHERE text LIKE ALL ($2) AND (%s) LIMIT %s) AS hits',
    p_where, p_cap)
  INTO counted USING p_kind, search_patterns(words);
  IF counted >= p_cap THEN
    RETURN counted;
  END IF;
  EXECUTE format(
    'SELECT count(*) FROM (SELECT FROM search_document
       WHERE kind = $1 AND search_tokens(text) @@ $2 AND text LIKE ALL ($3) AND (%s) LIMIT %s) AS hits',
    p_where, p_cap)
  INTO counted USING p_kind, search_question(words), search_patterns(words);
  RETURN counted;
END
$$;

-- The same windows as before, each character beside the next one by shifting the list by one instead of by a
-- window function: a third less work for every text that is kept.
CREATE OR REPLACE FUNCTION search_windows(p_text text) RETURNS TABLE (place bigint, token text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT place,
         CASE WHEN one < U&'\2E80' COLLATE "C"
              THEN substring(substr(p_text, place::int, 7)
                             FROM '^(?:[\u0021-\u2e7f]{6}|[\u0021-\u2e7f]{1,5}[\u2e80-\U0010ffff]?)')
              WHEN next > ' ' COLLATE "C" THEN one || next
              ELSE one
         END
  FROM (SELECT string_to_array(p_text, NULL) AS all_of_them) AS characters,
       unnest(all_of_them, all_of_them[2:]) WITH ORDINALITY AS c (one, next, place)
  WHERE one > ' ' COLLATE "C"
$$;

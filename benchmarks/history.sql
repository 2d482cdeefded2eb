-- Orders and calls of a big city's residents, straight into the tables; the names with a dollar are given by `history.py`.
CREATE TEMP TABLE filled AS
SELECT n, $first + n AS id, '13' || lpad(resident::text, 9, '0') AS phone, at, v.id AS version_id
FROM (
    SELECT n,
        CASE WHEN n <= $often * 50 THEN n % $often ELSE $often + floor(random() ^ 2 * ($residents - $often))::int END AS resident,
        now() - interval '$past' - (1 - n::float / $orders) * interval '1000 days' AS at
    FROM generate_series(1, $orders) n
) o JOIN community_itemversion v ON v.id = $version + n % 208;

INSERT INTO casework_case (
    id, type_key, type_version, institution, number, title, text, channel, purpose, category, place_unit_id, place, facts,
    received_on, received_at, registered_at, source, state, holder_unit_id, root_unit_id, due_clock, last_at, answered_at,
    ended_at, outcome, is_confidential, is_repeat, unit_ids, excluded_units, excluded_accounts, journal_length)
SELECT f.id, 'community_order', '2026', 'community', 'B' || f.id, v.name || ' × 1' || v.unit_word, '', 'phone', '',
    left(c.name || '/' || v.name, 80), $centre, '', '{}', at::date, at, at, '', 'concluded', $centre, $centre, '',
    at + interval '1 day', at + interval '1 day', at + interval '1 day', 'solved', false, false, ARRAY[$centre]::bigint[],
    '{}', '{}', 9
FROM filled f
JOIN community_itemversion v ON v.id = f.version_id
JOIN community_serviceitem i ON i.id = v.item_id
JOIN community_serviceclass c ON c.id = i.class_id;

INSERT INTO casework_party (
    case_id, role, name, name_key, phone, phone_key, identity_number, address, is_anonymous)
SELECT id, 'petitioner', '居民' || phone, '居民' || phone, phone, phone, '', phone || '号', false
FROM filled;

INSERT INTO community_order (
    case_id, version_id, quantity, x, y, window_from_at, window_until_at, price_fen, ceiling_fen, pin_digest, pin_number, spare_pins, wrong_pins, phone_key,
    preferred_team_ids, unwanted_team_ids)
SELECT f.id, v.id, 1, random() * 20000, random() * 20000, at, at + interval '2 hours', v.price_fen, v.ceiling_fen, '', 0, '', 0,
    phone, '{}', '{}'
FROM filled f JOIN community_itemversion v ON v.id = f.version_id;

INSERT INTO hotline_call (
    driver, driver_key, direction, caller, called, number, unit_id, state, agent_id, wants, others, offered_at,
    answered_at, ended_at, cause, is_missed, is_blocked, is_asked_in, listening, recording_digest, recording_seconds, wrapped_up_at, words)
SELECT 'cti', 'fill-' || n, 'inbound', phone, '96519', phone, $centre, 'ended', $agent, '{}', '{}', at,
    at + interval '8 seconds', at + interval '158 seconds', 'caller', false, false, false, '', '', 0, at + interval '218 seconds', ''
FROM (
    SELECT n, '13' || lpad((CASE WHEN n <= $often * 50 THEN n % $often
            ELSE $often + floor(random() ^ 2 * ($residents - $often))::int END)::text, 9, '0') AS phone,
        now() - interval '$past' - (1 - n::float / $calls) * interval '1000 days' AS at
    FROM generate_series(1, $calls) n
) c;

INSERT INTO hotline_calloutcome (call_id, key, subject_kind, words, at)
SELECT id, 'answered', '', '已答复', ended_at FROM hotline_call WHERE driver_key LIKE 'fill-%' AND id % 2 = 0

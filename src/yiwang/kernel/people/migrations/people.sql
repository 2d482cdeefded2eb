-- The group of roles that one person may join (the same as `people.actions.duty`).
CREATE FUNCTION people_duty(p_role text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_role IN ('administrator', 'security_officer', 'auditor') THEN p_role ELSE 'cases' END
$$;

"""What must be true after the record day, asked in the database."""

from typing import Any

QUESTIONS = {
    "orders": "SELECT count(*) FROM community_order WHERE case_id > %(after)s",
    "work with two teams": """
        SELECT count(*) FROM (SELECT job_id FROM dispatch_offer WHERE state IN ('offered', 'accepted')
        GROUP BY job_id HAVING count(*) > 1) o""",
    "orders with two pieces of live work": """
        SELECT count(*) FROM (SELECT subject_id FROM dispatch_job
        WHERE state NOT IN ('done', 'withdrawn') GROUP BY subject_kind, subject_id HAVING count(*) > 1) j""",
    "orders lost": """
        SELECT count(*) FROM casework_case c WHERE c.id > %(after)s AND c.type_key = 'community_order' AND (
          c.state = 'registered'
          OR c.state IN ('verified', 'offered', 'assigned', 'under_way') AND NOT EXISTS (
            SELECT FROM dispatch_job j WHERE j.subject_kind = c.type_key AND j.subject_id = c.id
              AND j.state NOT IN ('done', 'withdrawn'))
          OR c.state = 'done' AND NOT EXISTS (
            SELECT FROM hotline_callback b WHERE b.subject_kind = c.type_key AND b.subject_id = c.id
              AND b.done_at IS NULL))""",
    "finished work without a call-back": """
        SELECT count(*) FROM dispatch_job j WHERE j.state = 'done' AND j.subject_id > %(after)s AND NOT EXISTS (
          SELECT FROM hotline_callback b WHERE b.subject_kind = j.subject_kind AND b.subject_id = j.subject_id)""",
    "calls": "SELECT count(*) FROM hotline_call WHERE driver = 'house'",
    "calls without an end": "SELECT count(*) FROM hotline_call WHERE driver = 'house' AND ended_at IS NULL",
    "calls missed": "SELECT count(*) FROM hotline_call WHERE driver = 'house' AND is_missed",
    "missed calls without a call-back": """
        SELECT count(*) FROM hotline_call c WHERE driver = 'house' AND is_missed AND NOT EXISTS (
          SELECT FROM hotline_callback b WHERE b.number = c.number AND b.reason = 'missed'
            AND (b.done_at IS NULL OR b.done_at >= c.ended_at))""",
    "offers": "SELECT count(*) FROM dispatch_offer WHERE job_id IN (SELECT id FROM dispatch_job WHERE subject_id > %(after)s)",
    "offers answered after their time": """
        SELECT count(*) FROM dispatch_offer WHERE state IN ('accepted', 'declined') AND answered_at > answer_by_at""",
    "offers that ran out and were ended more than a minute later": """
        SELECT count(*) FROM dispatch_offer
        WHERE state = 'expired' AND answered_at > answer_by_at + interval '61 seconds'""",
    "offers still without an answer": "SELECT count(*) FROM dispatch_offer WHERE state = 'offered'",
    "orders late by a clock of days": """
        SELECT count(*) FROM casework_case WHERE id > %(after)s AND breach_on < (last_at AT TIME ZONE 'Asia/Shanghai')::date""",
}


def checked(plan: Any, *, after_case: int) -> dict[str, Any]:
    """The answer to every question, and how many orders stand where; `plan` says how many there must be."""
    from django.db import connection

    from yiwang.kernel.access.locks import acting_as_system

    with acting_as_system(), connection.cursor() as cursor:
        found: dict[str, Any] = {}
        for question, sql in QUESTIONS.items():
            cursor.execute(sql, {"after": after_case})
            found[question] = cursor.fetchone()[0]
        cursor.execute(
            "SELECT state, count(*) FROM casework_case WHERE id > %s AND type_key = 'community_order' GROUP BY 1",
            [after_case],
        )
        found["states"] = dict(cursor.fetchall())
    found["calls that never came"] = len(plan.calls) - found["calls"]
    return found

"""`database.md`: tables, rights, triggers and row policies, as PostgreSQL itself tells them."""

import re
from typing import Any

from django.apps import apps
from django.db import connection

from scripts.reference.markdown import first_line, page, table
from yiwang.kernel.base.postgres import APP_ROLE, OWNER_ROLE

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def database() -> str:
    """Every table of ours, what may be done with it, and what stands guard."""
    ours = {
        model._meta.db_table: model
        for config in apps.get_app_configs()
        if config.name.startswith("yiwang.")
        for model in config.get_models()
    }
    guarded = {name for name, _, _ in _policies()}
    rows = [
        (
            f"`{name}`",
            first_line(ours[name]),
            _rights(name),
            "yes" if name in guarded else "–",
        )
        for name in sorted(ours)
    ]
    unlisted = sorted(set(_tables()) - set(ours))
    return page(
        "Database",
        f"Two roles. `{OWNER_ROLE}` (or the user of `DATABASE_OWNER_URL`) owns the tables; only migrations work "
        f"under it. `{APP_ROLE}` is the running site: it owns nothing and obeys the row policies.",
        "## Tables",
        f"The rights are those of `{APP_ROLE}`.",
        table(("Table", "What a row is", "Rights", "Row policy"), rows),
        "Beside these, Django and procrastinate keep their own: "
        + ", ".join(f"`{n}`" for n in unlisted)
        + ".",
        "## Triggers",
        "They hold for the owner of the tables too.",
        table(("Table", "Trigger", "When", "Runs"), _triggers(set(ours))),
        "## Row policies",
        "Who is asking stands in settings of the connection (`yiwang.mode`, `yiwang.units` and so on), which "
        "`kernel.access.locks` makes at every request. A policy lets a row through when:",
        *(f"**`{name}`**, `{policy}`:\n\n```sql\n{rule}\n```" for name, policy, rule in _policies()),
        "## What can't happen twice",
        "Unique and exclusion constraints and unique indexes with a name of their own.",
        table(("Table", "Name", "Rule"), _constraints(set(ours))),
    )


def _tables() -> list[str]:
    return [
        row[0]
        for row in _ask(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') ORDER BY 1"
        )
    ]


def _rights(name: str) -> str:
    rows = _ask(
        "SELECT privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public' AND table_name = %s AND grantee = %s",
        name,
        APP_ROLE,
    )
    held = {row[0] for row in rows}
    return ", ".join(right.lower() for right in RIGHTS if right in held) or "–"


def _policies() -> list[tuple[str, str, str]]:
    rows = _ask(
        "SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
    )
    return [(name, policy, _tidy(rule)) for name, policy, rule in rows]


def _tidy(rule: str) -> str:
    """The names that PostgreSQL gives to unnamed columns differ between its versions; the rule doesn't."""
    return re.sub(r" AS (current_setting|int8)\b", "", rule).strip()


def _triggers(ours: set[str]) -> list[tuple[str, str, str, str]]:
    rows = _ask(
        "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), p.proname FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    return [
        (f"`{name}`", f"`{trigger}`", _when(definition), f"`{function}`")
        for name, trigger, definition, function in rows
        if name in ours
    ]


def _when(definition: str) -> str:
    found = re.search(r"(BEFORE|AFTER|INSTEAD OF) (.+?) ON ", definition)
    return " ".join(found.groups()).lower() if found else ""


def _constraints(ours: set[str]) -> list[tuple[str, str, str]]:
    rows = _ask(
        "SELECT c.relname, n.conname, pg_get_constraintdef(n.oid) FROM pg_constraint n"
        " JOIN pg_class c ON c.oid = n.conrelid WHERE n.contype IN ('u', 'x')"
        " AND c.relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT c.relname, i.relname, pg_get_indexdef(i.oid) FROM pg_index x"
        " JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " WHERE x.indisunique AND NOT x.indisprimary AND c.relnamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_constraint n WHERE n.conindid = i.oid) ORDER BY 1, 2"
    )
    return [
        (f"`{name}`", f"`{constraint}`", f"`{_short(rule)}`")
        for name, constraint, rule in rows
        if name in ours and not re.search(r"_[0-9a-f]{8}(_uniq|_like)?$|_key$", constraint)
    ]


def _short(rule: str) -> str:
    return re.sub(r"^CREATE UNIQUE INDEX .* USING btree ", "UNIQUE ", " ".join(rule.split()))

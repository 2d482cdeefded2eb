"""`pages.md` and `permissions.md`: the register of pages as two tables."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from scripts.reference.markdown import first_line, page, table
from yiwang.kernel.base.pages import PAGES, Page
from yiwang.kernel.people.enums import Role

NAMES = {"everybody": "everybody", "signed_in": "any account", **{r.value: r.value for r in Role}}
"""How an audience is written; a role that isn't one is an error here."""


def _addresses() -> dict[str, list[tuple[str, object]]]:
    """Page name → its addresses, with the view behind each."""
    found: dict[str, list[tuple[str, object]]] = {}
    for address, view in _walk(get_resolver(), ""):
        entry = getattr(view, "page", None)
        if entry is not None:
            found.setdefault(entry.name, []).append((address, view))
    return found


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, object]]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield "/" + address, pattern.callback
        else:
            yield from _walk(pattern, address)


def _audience(entry: Page) -> str:
    order = list(NAMES)
    return ", ".join(NAMES[role] for role in sorted(entry.roles, key=order.index))


def pages() -> str:
    """Every page: its name, address, audience and query budget, and what it is for."""
    addresses = _addresses()
    entries = [PAGES[name] for name in sorted(PAGES) if name in addresses]
    parts = [
        f"{len(entries)} pages. The budget is the most database queries that opening the page may cost, "
        "whether it shows one row or fifty. A page marked * may show personal data; opening it is written "
        "into the audit log.",
    ]
    for module in dict.fromkeys(entry.name.split(":")[0] for entry in entries):
        rows = [
            (
                f"`{entry.name}`" + (" *" if entry.reads_personal_data else ""),
                "<br>".join(f"`{address}`" for address, _ in sorted(addresses[entry.name])),
                first_line(addresses[entry.name][0][1]),
                _audience(entry),
                str(entry.budget),
            )
            for entry in entries
            if entry.name.startswith(f"{module}:")
        ]
        parts += [f"## {module}", table(("Page", "Address", "What it is for", "Who", "Budget"), rows)]
    return page("Pages", *parts)


def permissions() -> str:
    """Page × role: who may open what."""
    addresses = _addresses()
    roles = [role.value for role in Role]
    rows = []
    for name in sorted(name for name in PAGES if name in addresses):
        audience = PAGES[name].roles
        everybody = "everybody" in audience
        anybody = everybody or "signed_in" in audience
        marks = [everybody, *(anybody or role in audience for role in roles)]
        rows.append((f"`{name}`", *("yes" if mark else "–" for mark in marks)))
    return page(
        "Who may open which page",
        "A page that opens is only the door: which cases stand behind it is decided for every single case by "
        "`casework.policies`, and once more by the row policies of the database. Whoever isn't signed in and "
        "meets a “–” is asked to sign in; whoever is signed in is refused.",
        table(("Page", "no account", *roles), rows),
    )

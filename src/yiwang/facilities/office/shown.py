"""How documents look: the sheet, the history, who has read, whether a signature still covers the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from yiwang.facilities.office import rendering
from yiwang.facilities.office.content import digest_of, joint_units, whole
from yiwang.facilities.office.enums import Answer, DocumentKind, OpinionKind, SignatureKind, Urgency
from yiwang.facilities.office.models import Handling, OfficialDocument, Opinion, Reading, Signature
from yiwang.facilities.office.queries import Papers
from yiwang.facilities.office.rendering import FORMATS
from yiwang.facilities.office.rules.document import attachment_texts, in_words
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.columns import due_clock
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.lists import Row, Slice
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui import states
from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.parts import Moment
from yiwang.kernel.ui.tags.words import tag

WRITTEN = (
    "reasons",
    "text",
    "note",
    "proposal",
    "opinion",
    "number",
    "readers",
    "units",
    "recipients",
    "accepted",
)
"""What was entered for a step and stands in the history."""


def number_in(text: str) -> int | None:
    """A number of an address, or nothing."""
    return int(text) if text.isdecimal() and len(text) < 18 else None


def one_of(known: tuple[str, ...], word: str) -> str:
    """The word if it is known, else the first of those that are."""
    return word if word in known else known[0]


def beside(found: Slice, query: Mapping[str, str]) -> dict[str, str]:
    """The addresses of the pages before and after one of a list, where there are any."""
    keys = {"previous_url": ("before", found.before), "next_url": ("after", found.after)}
    return {
        name: f"?{urlencode({**query, word: str(key)})}" if key else "" for name, (word, key) in keys.items()
    }


def time_left(row: Row, *, today: date) -> SafeString | str:
    """The nearest clock of a case in a list; a dash where none runs."""
    return "–" if row.due_on is None else due_clock(row.due_on, row.due_from_on, today=today)


def titled(document: OfficialDocument) -> SafeString | str:
    """A document's title, with its urgency beside it."""
    if not document.urgency:
        return document.title
    return format_html("{} {}", document.title, tag(Urgency(document.urgency).label))


def titled_with_number(document: OfficialDocument) -> SafeString:
    """The same with the number that the sender gave it beneath."""
    number = format_html('<br><span class="code small">{}</span>', document.number) if document.number else ""
    return format_html("{}{}", titled(document), number)


def register_number(handling: Handling) -> str:
    """The register number of a handling just made."""
    with acting_as_system():
        return Handling.objects.values_list("register_number", flat=True).get(pk=handling.pk)


@dataclass(frozen=True)
class Sheet:
    """The document as one reads it: head, number, title, addressees, text, foot."""

    issuer: str
    head: SafeString | str
    units: Sequence[str]
    urgency: str
    number: str
    title: str
    main: str
    paragraphs: Sequence[str]
    attachments: Sequence[str]
    day: str
    copy: str
    kind: str
    note: str
    texts: Sequence[tuple[int, Sequence[str]]]


def sheet_of(content: Mapping[str, Any]) -> Sheet:
    """A kept text, or one being written, as a sheet."""
    to = "、".join(filter(None, [content.get("main", ""), content.get("others", "")]))
    return Sheet(
        issuer=content.get("issuer", ""),
        head=_head(*rendering.head_lines(content)),
        units=[content.get("issuer", ""), *filter(None, str(content.get("joint", "")).split("、"))],
        note=content.get("note", ""),
        texts=[
            (place, text.splitlines())
            for place, text in sorted(attachment_texts(content.get("attachment_texts", "")).items())
        ],
        urgency=str(Urgency(content["urgency"]).label) if content.get("urgency") else "",
        number=f"第{content['order_number']}号" if content.get("order_number") else content.get("number", ""),
        title=content.get("title", ""),
        main=f"{to}：" if to else "",
        paragraphs=[line for line in str(content.get("body", "")).splitlines() if line.strip()],
        attachments=list(content.get("attachments", ())),
        day=in_words(date.fromisoformat(content["written_on"])) if content.get("written_on") else "",
        copy=content.get("copy", ""),
        kind=str(DocumentKind(content["kind"]).label) if content.get("kind") else "",
    )


def _head(names: Sequence[str], ending: str) -> SafeString | str:
    """The red head: one name with 文件 behind it, or each name on a line of its own and 文件 in the middle beside."""
    if len(names) < 2:
        return "".join(names) + ending
    lines = format_html_join("", "<span>{}</span>", ((name,) for name in names))
    beside = format_html("<span>{}</span>", ending) if ending else ""
    return format_html('<span class="joint-head"><span class="joint-names">{}</span>{}</span>', lines, beside)


def joint_places(document: OfficialDocument) -> list[tuple[int, int, str]]:
    """The units that issue a document with its own: each with its place, from the second on, and its name."""
    units, language = tree(), get_language() or ""
    return [
        (place, unit_id, units.name(unit_id, language=language))
        for place, unit_id in enumerate(joint_units(document), 2)
    ]


@dataclass(frozen=True)
class Cover:
    """A signature as the page tells of it: whose, over what, and whether it still holds."""

    signature: Signature
    who: str
    is_valid: bool
    kind: str


def covers(handling: Handling, papers: Papers, names: Mapping[int, str]) -> list[Cover]:
    """Every signature, each compared with the text as it stands now."""
    now = digest_of(whole(handling.document))
    versions = {one.pk: one for one in papers.versions}
    found = []
    for signature in papers.signatures:
        version = versions.get(signature.version_id)
        who = names.get(signature.account_id, "")
        if signature.principal_id:
            who = _("%(deputy)s for %(name)s") % {
                "deputy": who,
                "name": names.get(signature.principal_id, ""),
            }
        is_valid = (
            version is not None and version.digest == signature.digest and version.content_digest == now
        )
        found.append(Cover(signature, who, is_valid, str(SignatureKind(signature.kind).label)))
    return found


def reading_state(reading: Reading, *, today: date) -> SafeString:
    """Whether somebody has read it, as a word and a shape."""
    if reading.cancelled_at is not None:
        return states.state("none", words=_("taken back"))
    if reading.read_at is not None:
        return states.state("done", words=_("read"))
    if reading.sent_at is None:
        return states.state("waiting", words=_("not their turn yet"))
    return states.state("soon", words=_("not read"))


def opinion_kind(opinion: Opinion) -> str:
    """What kind of words these are."""
    return str(OpinionKind(opinion.kind).label)


def answer_state(answer: str, *, is_joint: bool = False) -> SafeString:
    """A department's answer as a word and a shape."""
    if not answer:
        return states.state("waiting", words=_("not answered yet"))
    kind = {"agrees": "done", "with_changes": "soon", "objects": "late"}[answer]
    if is_joint:
        return states.state(kind, words=_("signed") if answer == Answer.AGREES else _("refused to sign"))
    return states.state(kind, words=Answer(answer).label)


def where_is_it(handling: Handling, papers: Papers, *, state: str, names: Mapping[int, str]) -> str:
    """One sentence that always answers where the document is and for whom it waits."""
    language, units = get_language() or "", tree()
    unit = units.name(handling.unit_id, language=language)
    parts = [f"{unit}: {state}"]
    waiting = [one for one in papers.countersigns if one.answered_at is None and one.cancelled_at is None]
    if waiting:
        listed = _(", ").join(units.name(one.unit_id, language=language) for one in waiting)
        words = (
            _("waits for %(who)s to sign") if waiting[0].is_joint else _("waits for %(who)s to countersign")
        )
        parts.append(words % {"who": listed})
    unread = [
        names.get(one.account_id, "")
        for one in papers.readings
        if one.read_at is None and one.cancelled_at is None and one.sent_at is not None
    ]
    if unread:
        parts.append(_("not read yet by %(who)s") % {"who": _(", ").join(dict.fromkeys(unread))})
    if handling.handler_id is not None:
        parts.append(_("handled by %(who)s") % {"who": names.get(handling.handler_id, "")})
    return " · ".join(parts)


def moments(dossier: Dossier, papers: Papers, names: Mapping[int, str]) -> list[Moment]:
    """The history of a handling: its steps, and every opinion and urging among them."""
    found = []
    for entry in dossier.entries:
        step = dossier.case_type.variants(entry.verb)[0]
        who = dossier.names.get(entry.account_id or 0, "") or _("the house")
        written = [str(entry.data[key]) for key in WRITTEN if entry.data.get(key)]
        if entry.verb in ("sign_jointly", "refuse_joint"):
            who = str(entry.data.get("unit_name", who))
        if entry.verb == "countersigned":
            who = str(entry.data.get("unit_name", who))
            written = [str(Answer(entry.data["answer"]).label), *written]
        found.append(
            Moment(
                entry.at,
                who,
                gettext(step.done_label),
                holder=dossier.unit_name(entry.unit_id) if entry.unit_id else "",
                words="\n".join(written),
            )
        )
    return found


def downloads(handling: Handling) -> list[tuple[str, str]]:
    """The formats in which a document can be taken along, each with its address."""
    return [(form.upper(), reverse("office:file", args=[handling.pk, form])) for form in FORMATS]

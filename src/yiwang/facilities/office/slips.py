"""The slip that goes with a document (发文稿纸, 文件处理单): its facts, what everybody wrote, its steps; on paper.

Chinese is its language, as that of every paper of the house. What people wrote goes in as data.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext, override

from yiwang.facilities.office.content import whole
from yiwang.facilities.office.enums import Answer, Direction, DocumentKind, SignatureKind, Urgency
from yiwang.facilities.office.models import Handling
from yiwang.facilities.office.queries import Papers, names_of
from yiwang.facilities.office.shown import WRITTEN, opinion_kind
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.typeset import STANDARD, NotSet, font_files, press
from yiwang.kernel.orgs.queries import tree

TEMPLATES = Path(__file__).parent / "typeset"
FAMILIES = ("Noto Serif SC", "Noto Sans SC")
_lock = Lock()


def slip_pdf(handling: Handling, case: Case, papers: Papers, *, at: datetime) -> bytes:
    """The slip of a handling as PDF/A; the same facts and moment give the same bytes. Raises `NotSet`."""
    entries = list(JournalEntry.objects.filter(case=case).order_by("number"))
    names = names_of([*papers.account_ids, *(e.account_id for e in entries), handling.handler_id])
    with override("zh-hans"):
        is_out = handling.direction == Direction.OUT
        content = {
            "title": "发文稿纸" if is_out else "文件处理单",
            "unit": tree().get(handling.unit_id).name,
            "facts": _out_facts(handling, names) if is_out else _in_facts(handling, names),
            "tables": [
                one
                for one in (
                    _table(
                        "签发与审批意见",
                        ("时间", "姓名", "类别", "内容"),
                        (34, 22, 22, 0),
                        _written(papers, names, is_out=is_out),
                    ),
                    _table(
                        "会签", ("时间", "单位", "姓名", "意见"), (34, 44, 22, 0), _answers(papers, names)
                    ),
                    _table(
                        "传阅", ("送达", "姓名", "阅毕", "备注"), (34, 30, 34, 0), _readings(papers, names)
                    ),
                    _table(
                        "办理过程",
                        ("时间", "姓名", "步骤", "内容"),
                        (34, 22, 34, 0),
                        _steps(case, entries, names),
                    ),
                )
                if one["rows"]
            ],
        }
    return _set(content, at=at)


def _set(content: Mapping[str, Any], *, at: datetime) -> bytes:
    legible = _legible(content)
    with _lock:
        made, warnings = _compiler().compile_with_warnings(
            input=TEMPLATES / "slip.typ",
            format="pdf",
            sys_inputs={"slip": json.dumps({**legible, "fonts": FAMILIES}, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    if warnings or not isinstance(made, bytes):
        raise NotSet([warning.message for warning in warnings])
    return made


@cache
def _compiler() -> typst.Compiler:
    folders = sorted({path.parent for path in font_files()})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _legible(value: Any) -> Any:
    """The same with every text as the fonts can show it; what none has is a box."""
    if isinstance(value, str):
        return press().coverage.legible(value)[0]
    if isinstance(value, Mapping):
        return {key: _legible(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_legible(each) for each in value]
    return value


def _table(
    title: str, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]
) -> dict[str, Any]:
    return {"title": title, "heads": heads, "widths": widths, "rows": list(rows)}


def _out_facts(handling: Handling, names: Mapping[int, str]) -> list[tuple[str, str]]:
    document = handling.document
    says = whole(document)
    return [
        ("标题", document.title),
        ("文种", str(DocumentKind(document.kind).label)),
        ("发文字号", document.number or "—"),
        ("缓急", str(Urgency(document.urgency).label)),
        ("发文机关", "、".join(filter(None, [says["issuer"], says.get("joint", "")]))),
        ("主送", "、".join(filter(None, [says["main"], says["others"]])) or "—"),
        ("抄送", says["copy"] or "—"),
        ("附件", "；".join(says["attachments"]) or "—"),
        ("拟稿", f"{_name(document.created_by, names)} {_moment(document.created_at)}"),
        ("份数", str(handling.copies) if handling.copies else "—"),
    ]


def _in_facts(handling: Handling, names: Mapping[int, str]) -> list[tuple[str, str]]:
    document = handling.document
    sender = tree().get(document.origin_unit_id).name if document.origin_unit_id else document.origin
    return [
        ("标题", document.title),
        ("文种", str(DocumentKind(document.kind).label)),
        ("来文单位", sender),
        ("来文字号", document.number or "—"),
        ("来文日期", document.written_on.isoformat() if document.written_on else "—"),
        ("收文号", handling.register_number or "—"),
        ("收文日期", _moment(handling.began_at)),
        ("缓急", str(Urgency(document.urgency).label)),
        ("承办人", names.get(handling.handler_id or 0, "—")),
        ("办理期限", handling.due_on.isoformat() if handling.due_on else "—"),
    ]


def _written(
    papers: Papers, names: Mapping[int, str], *, is_out: bool
) -> Iterable[tuple[str, str, str, str]]:
    """Signatures and opinions by their time; what was written with a countersignature stands below.

    Whoever received a document is told of its release, not of the texts before it.
    """
    signed = [
        (
            one.at,
            _whose(one.account_id, one.principal_id, names),
            str(SignatureKind(one.kind).label),
            f"SHA-256 {one.digest[:16]}…",
        )
        for one in papers.signatures
        if is_out or one.kind == SignatureKind.RELEASE
    ]
    said = [
        (one.at, _whose(one.account_id, one.principal_id, names), opinion_kind(one), one.text)
        for one in papers.opinions
        if one.kind != "countersign"
    ]
    return [
        (_moment(at), who, kind, words)
        for at, who, kind, words in sorted([*signed, *said], key=lambda row: row[0])
    ]


def _answers(papers: Papers, names: Mapping[int, str]) -> Iterable[tuple[str, str, str, str]]:
    for one in papers.countersigns:
        if one.answered_at is None:
            said = "未答复"
        elif one.is_joint:
            said = "会签（联合发文）" if one.answer == Answer.AGREES else "不予会签（联合发文）"
        else:
            said = str(Answer(one.answer).label)
        who = names.get(one.account_id or 0, "")
        when = _moment(one.answered_at) if one.answered_at else ""
        yield when, tree().get(one.unit_id).name, who, "\n".join(filter(None, [said, one.text]))


def _readings(papers: Papers, names: Mapping[int, str]) -> Iterable[tuple[str, str, str, str]]:
    for one in papers.readings:
        remark = f"撤回：{one.cancel_reason}" if one.cancelled_at else "补阅" if one.is_afterthought else ""
        yield (
            _moment(one.sent_at) if one.sent_at else "",
            names.get(one.account_id, ""),
            _moment(one.read_at) if one.read_at else "未阅",
            remark,
        )


def _steps(
    case: Case, entries: Sequence[JournalEntry], names: Mapping[int, str]
) -> Iterable[tuple[str, str, str, str]]:
    case_type = case_type_of(case.type_key, case.type_version)
    for entry in entries:
        who = str(entry.data.get("unit_name") or names.get(entry.account_id or 0, "") or "系统")
        words = "\n".join(str(entry.data[key]) for key in WRITTEN if entry.data.get(key))
        yield _moment(entry.at), who, gettext(case_type.variants(entry.verb)[0].done_label), words


def _whose(account_id: int, principal_id: int | None, names: Mapping[int, str]) -> str:
    name = names.get(account_id, "")
    return f"{name}（代{names.get(principal_id, '')}）" if principal_id else name


def _name(account_id: int | None, names: Mapping[int, str]) -> str:
    return names.get(account_id or 0, "") or names_of([account_id]).get(account_id or 0, "")


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")

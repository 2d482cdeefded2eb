"""What the demo's petition office keeps for good: file units of last year, one of ten years ago, and a package."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from yiwang.facilities.archive import actions, actions_packages
from yiwang.facilities.archive.composing import compose_case
from yiwang.facilities.office.actions import Text
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.actions import Matter, PartyData, register, take
from yiwang.kernel.orgs.models import Unit
from yiwang.site.demo.documents import Desk

FONDS = "J012"
RULES = (
    {"source": "case:petition", "words": "信访事项办理材料", "category": "ZY", "period": "D30", "section": "XF"},
    {"source": "case:document_issue", "words": "本机关发文", "category": "WS", "period": "Y", "section": "BGS"},
)  # fmt: skip
NOTICES = (
    (10, 12, 20, "云川县信访局关于公布领导接待日安排的通告", "每月15日为县领导接待日，遇节假日顺延。"),
    (1, 4, 8, "云川县信访局关于调整来访接待时间的通告", "自即日起，群众来访接待中心工作日接待时间调整为8时30分至18时。"),
)  # fmt: skip
"""Years ago, month, day, title, text: the first is due for the county archives within a year."""
PETITIONS = (
    (3, "东街路灯成片不亮", "东街向阳巷一带路灯成片不亮已有一周，晚上行走不便。", "经现场查看，控制箱进水跳闸，情况属实。", "已更换控制箱并恢复照明。"),
    (6, "柳湾村机耕路塌方", "柳湾村通往河滩的机耕路塌方，农用车无法通行。", "经查看，路肩塌方12米，情况属实。", "已回填夯实并加设挡墙。"),
)  # fmt: skip
"""Month of last year, title, text, what was found, what was done."""


def keep_archive(units: Mapping[str, Unit], accounts: Mapping[str, int], *, at: datetime) -> int:
    """Found the archives, let matters of earlier years come in, number them, make a package; says how many there are."""
    desk = Desk(units, accounts)
    clerk, head = standing_of(accounts["office"]), standing_of(accounts["office.head"])
    fonds = actions.found_fonds(units["office"], number=FONDS, by=SYSTEM, at=at)
    began_on = date(at.year - 10, 1, 1)
    proposed = actions.propose_schedule(fonds, RULES, valid_from_on=began_on, by=clerk, at=at)
    actions.approve_schedule(proposed.pk, by=head, at=at)
    over = []
    for years, month, day, title, body in NOTICES:
        over.append(_notice(desk, title, body, at=at.replace(year=at.year - years, month=month, day=day)))
    for month, title, text, found, done in PETITIONS:
        over.append(
            _petition(desk, title, text, found, done, at=at.replace(year=at.year - 1, month=month, day=11))
        )
    for case_id in over:
        compose_case(case_id, at=at)  # the rest of what is over comes in by itself at night
    kept = actions.number(fonds, by=clerk, at=at)
    for year in (at.year - 10, at.year - 1):
        asked = actions_packages.ask_package(fonds, year=year, period="", by=clerk, at=at)
        actions_packages.work_on(asked.pk, at=at)
    return kept


def _notice(desk: Desk, title: str, body: str, *, at: datetime) -> int:
    text = Text("public_notice", title, content={"body": body, "others": ""})
    out = desk.draft("office", "office", text, at=at)
    desk.to_sign("office", "office.head", out, at=at)
    desk.send("office", "office.head", "云信发", out, at=at + timedelta(hours=3))
    desk.step("office", "archive", out, at=at + timedelta(days=2))
    return out.case_id or 0


def _petition(desk: Desk, title: str, text: str, found: str, done: str, *, at: datetime) -> int:
    office = desk.units["office"].pk
    matter = Matter(
        type_key="petition", root_unit_id=office, title=title, text=text, channel="counter", received_at=at,
        purpose="claim", category="城乡建设/城市建设和市政管理/供水", parties=(PartyData(name="佟有福"),),
    )  # fmt: skip
    clerk = standing_of(desk.accounts["office"])
    with acting_as(clerk):
        case_id = register(matter, by=clerk, at=at).case.pk

    def step(who: str, verb: str, days: int, **data: Any) -> None:
        by = standing_of(desk.accounts[who]) if who else SYSTEM
        with acting_as(by):
            take(case_id, verb, by=by, at=at + timedelta(days=days), data=data)

    answer = {"outcome": "supported", "facts": found, "opinion": done, "basis": "《信访工作条例》第三十二条"}
    step("office", "accept", 2)
    step("office", "answer", 9, **answer)
    step("office.head", "issue", 10)
    step("office", "serve", 11, how="in_person", served_on=(at + timedelta(days=11)).date().isoformat())
    step("", "conclude", 45)
    step("office", "archive", 60)
    return case_id

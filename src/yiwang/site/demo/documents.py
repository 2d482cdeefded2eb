"""The demo's official documents: a notice going around, a request and its reply, a letter, minutes to be signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yiwang.facilities.office import actions
from yiwang.facilities.office.actions import FromOutside, NewReport, NewTask, Text
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.models import Countersign, DocumentVersion, Handling, Opinion, Task
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.actions import take
from yiwang.kernel.orgs.models import Unit

SERIES = (
    ("county", "云政发"), ("county", "云政函"), ("water", "云水发"), ("housing", "云建函"), ("office", "云信发"),
    ("chengguan", "城政发"),
)  # fmt: skip
TOWNSHIPS = ("chengguan", "qingshi", "liuhe", "heping", "shuangqiao", "baiyang")

HEATING = """为做好今冬明春供水供暖保障工作，现就有关事项通知如下：
一、全面排查隐患。各乡镇要对辖区供水管网、供暖设施逐一排查，建立台账，12月5日前完成。
二、落实值班值守。严格执行领导带班和24小时值班制度，确保群众反映的问题当日处理。
三、及时报送情况。请于12月10日前将排查整改情况书面报县政府办公室。"""
REQUEST = """为解决东城片区供水管网老化、冬季频繁爆管问题，我局拟对4.6公里主管网实施改造。经测算，项目所需资金由上级补助和县级配套共同解决。
妥否，请批示。"""
REPLY = """你局《关于实施东城片区供水管网改造的请示》收悉。经研究，原则同意实施该项目，请抓紧编制实施方案，按程序报批。
特此批复。"""
LETTER = """为推进城关镇南关社区老旧小区改造，请协助提供该片区地下管线资料，并请于12月8日前函复。
联系人：鲁小满。"""
MINUTES = """11月下旬，县政府召开专题会议，研究冬季供水供暖保障工作。现纪要如下：
一、会议听取了县水务局、县住建局关于准备情况的汇报。
二、会议明确，由县水务局牵头建立抢修联动机制，各乡镇配合。
三、会议要求，县督查办对落实情况开展督查。"""


@dataclass
class Desk:
    """Units and people by code, for acts at a time."""

    units: Mapping[str, Unit]
    accounts: Mapping[str, int]

    def do(self, who: str, act: Any, handling: Handling, *, at: datetime, **data: Any) -> Any:
        """An act with a document as somebody."""
        by = standing_of(self.accounts[who])
        with acting_as(by):
            return act(handling.pk, by=by, at=at, **data)

    def step(self, who: str, verb: str, handling: Handling, *, at: datetime, **data: Any) -> None:
        """A plain step as somebody."""
        by = standing_of(self.accounts[who])
        with acting_as(by):
            take(handling.case_id or 0, verb, by=by, at=at, data=data)

    def draft(
        self, who: str, unit: str, text: Text, *, at: datetime, answers: Handling | None = None
    ) -> Handling:
        """A document that somebody begins."""
        by = standing_of(self.accounts[who])
        with acting_as(by):
            return actions.draft(text, unit_id=self.units[unit].pk, by=by, at=at, reply_to=answers)

    def to_sign(self, clerk: str, head: str, handling: Handling, *, at: datetime) -> None:
        """Hand it in and pass it on for signature."""
        self.do(clerk, actions.submit, handling, at=at)
        self.step(head, "pass", handling, at=at + timedelta(hours=1))

    def send(self, clerk: str, signer: str, mark: str, handling: Handling, *, at: datetime) -> None:
        """Sign, check, number, print and release it."""
        with acting_as_system():
            text = DocumentVersion.objects.filter(document_id=handling.document_id).order_by("-place")[0]
            series = actions.open_series(handling.unit_id, mark=mark, by=SYSTEM)
        self.do(signer, actions.sign, handling, at=at, digest=text.digest, opinion="同意。")
        self.step(clerk, "check", handling, at=at + timedelta(minutes=20))
        self.do(clerk, actions.enter, handling, at=at + timedelta(minutes=30), series_id=series.pk, copies=20)
        self.step(clerk, "print", handling, at=at + timedelta(minutes=50))
        self.do(clerk, actions.release, handling, at=at + timedelta(minutes=60))

    def at_unit(self, handling: Handling, unit: str) -> Handling:
        """The same document at a unit that received it."""
        with acting_as_system():
            return Handling.objects.get(
                document_id=handling.document_id, unit=self.units[unit], direction=Direction.IN
            )

    def take_in(self, unit: str, handling: Handling, *, at: datetime) -> None:
        """Sign for it, register and examine it."""
        clerk = "gov" if unit == "county" else unit
        self.do(clerk, actions.sign_for, handling, at=at)
        self.do(clerk, actions.enter_receipt, handling, at=at + timedelta(minutes=5))
        self.step(clerk, "examine", handling, at=at + timedelta(minutes=9))


def open_office(units: Mapping[str, Unit], accounts: Mapping[str, int], *, at: datetime) -> int:
    """Fill the registers of the demo county; returns how many documents there are."""
    desk, day = Desk(units, accounts), timedelta(days=1)
    for unit, mark in SERIES:
        actions.open_series(units[unit].pk, mark=mark, by=SYSTEM)
    _notice(desk, at=at - 8 * day)
    _request_and_reply(desk, at=at - 15 * day)
    _letter(desk, at=at - 2 * day)
    _waiting(desk, at=at - day)
    _joint(desk, at=at - 3 * day)
    _tasks(desk, at=at - 6 * day)
    _reports(desk, at=at)
    return Handling.objects.filter(direction=Direction.OUT).count()


def _notice(desk: Desk, *, at: datetime) -> None:
    """The county's notice: one township has answered, one has it going around, one hasn't signed for it."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    to = [desk.units[code].pk for code in TOWNSHIPS]
    text = Text("notice", "云川县人民政府关于做好今冬明春供水供暖保障工作的通知", main_units=to, copy_units=[desk.units["water"].pk], content={"body": HEATING})  # fmt: skip
    out = desk.draft("gov", "county", text, at=at)
    desk.to_sign("gov", "gov.head", out, at=at)
    desk.send("gov", "leader", "云政发", out, at=at + 4 * hour)
    for place, code in enumerate(TOWNSHIPS[:5]):
        desk.take_in(code, desk.at_unit(out, code), at=at + (20 + place) * hour)
    first = desk.at_unit(out, "chengguan")
    head, clerk = desk.accounts["chengguan.head"], desk.accounts["chengguan"]
    desk.do("chengguan", actions.circulate, first, at=at + day, account_ids=[head, clerk], mode="sequential")
    with acting_as(standing_of(head)):
        mine = first.readings.filter(account_id=head).values_list("pk", flat=True)
        actions.mark_read(
            mine,
            text="请经办人抓紧落实，按时报送。",
            is_instruction=True,
            by=standing_of(head),
            at=at + 2 * day,
        )
    desk.do(
        "chengguan.head",
        actions.assign,
        first,
        at=at + 2 * day,
        account_id=clerk,
        due_on=(at + 5 * day).date(),
    )
    other = desk.at_unit(out, "qingshi")
    readers = [desk.accounts["qingshi.head"], desk.accounts["qingshi"]]
    desk.do("qingshi", actions.circulate, other, at=at + day, account_ids=readers)
    desk.do("qingshi", actions.urge, other, at=at + 4 * day, text="请尽快阅毕")
    done = desk.at_unit(out, "heping")
    desk.do("heping.head", actions.assign, done, at=at + 2 * day, account_id=desk.accounts["heping"])
    desk.do("heping", actions.answer, done, at=at + 4 * day, text="我乡已完成排查，发现隐患3处，均已整改。")


def _request_and_reply(desk: Desk, *, at: datetime) -> None:
    """The water bureau asks the county, and the county replies with a document of its own."""
    hour, county = timedelta(hours=1), desk.units["county"].pk
    text = Text("request", "云川县水务局关于实施东城片区供水管网改造的请示", main_units=[county], content={"body": REQUEST})  # fmt: skip
    request = desk.draft("water", "water", text, at=at)
    desk.to_sign("water", "water.head", request, at=at)
    desk.send("water", "water.head", "云水发", request, at=at + 3 * hour)
    came = desk.at_unit(request, "county")
    desk.take_in("county", came, at=at + 20 * hour)
    desk.do("gov.head", actions.assign, came, at=at + 22 * hour, account_id=desk.accounts["gov"], proposal="拟同意，请领导批示。")  # fmt: skip
    text = Text("reply", "云川县人民政府关于实施东城片区供水管网改造的批复", main_units=[desk.units["water"].pk], content={"body": REPLY})  # fmt: skip
    reply = desk.draft("gov", "county", text, at=at + 48 * hour, answers=came)
    desk.to_sign("gov", "gov.head", reply, at=at + 48 * hour)
    desk.send("gov", "leader", "云政函", reply, at=at + 52 * hour)
    desk.take_in("water", desk.at_unit(reply, "water"), at=at + 70 * hour)
    desk.step("gov", "conclude", came, at=at + 71 * hour)


def _letter(desk: Desk, *, at: datetime) -> None:
    """A letter between departments that waits to be signed for, and one from outside that is late."""
    hour = timedelta(hours=1)
    text = Text("letter", "云川县住房和城乡建设局关于商请提供地下管线资料的函", main_units=[desk.units["land"].pk], content={"body": LETTER})  # fmt: skip
    letter = desk.draft("housing", "housing", text, at=at)
    desk.to_sign("housing", "housing.head", letter, at=at)
    desk.send("housing", "housing.head", "云建函", letter, at=at + 3 * hour)
    by = standing_of(desk.accounts["office"])
    with acting_as(by):
        new = FromOutside("letter", "关于协查信访事项有关情况的函", "邻川市信访局", "邻信函〔2026〕18号", "urgent", (at - timedelta(days=9)).date())  # fmt: skip
        came = actions.receive_outside(new, unit_id=desk.units["office"].pk, by=by, at=at - timedelta(days=8))
    desk.step("office", "examine", came, at=at - timedelta(days=8))
    desk.do("office.head", actions.assign, came, at=at - timedelta(days=7), account_id=desk.accounts["office"], due_on=(at - timedelta(days=2)).date())  # fmt: skip


def _waiting(desk: Desk, *, at: datetime) -> None:
    """Minutes that wait for the leader's signature, a draft at two departments, and a number kept back."""
    hour = timedelta(hours=1)
    text = Text("minutes", "研究冬季供水供暖保障工作专题会议纪要", main_units=[desk.units["water"].pk, desk.units["housing"].pk], content={"body": MINUTES})  # fmt: skip
    minutes = desk.draft("gov", "county", text, at=at)
    desk.to_sign("gov", "gov.head", minutes, at=at)
    text = Text("opinions", "关于加强冬季抢修联动的意见", main_units=[desk.units[code].pk for code in TOWNSHIPS], content={"body": "一、明确职责。\n二、加强联动。\n三、强化保障。"})  # fmt: skip
    draft = desk.draft("water", "water", text, at=at)
    desk.do("water", actions.submit, draft, at=at)
    asked = [desk.units["housing"].pk, desk.units["city"].pk]
    desk.do(
        "water.head", actions.ask_countersign, draft, at=at + hour, unit_ids=asked, note="请于三日内回复。"
    )
    series = actions.open_series(desk.units["county"].pk, mark="云政发", by=SYSTEM)
    by = standing_of(desk.accounts["gov"])
    actions.reserve(series.pk, reason="县政府全体会议文件", by=by, at=at)


JOINT = """为统筹冬季抢修力量，现就联合值守有关事项通知如下：
一、建立联合值守制度，三部门轮流带班。
二、统一受理电话96519，接报后30分钟内到场。"""


def _joint(desk: Desk, *, at: datetime) -> None:
    """A notice of three bureaus: the lead has signed, one of the others too, the third is asked."""
    joint = [desk.units["housing"].pk, desk.units["city"].pk]
    text = Text("notice", "云川县水务局等三部门关于建立冬季联合值守制度的通知", main_units=[desk.units["chengguan"].pk], content={"body": JOINT, "joint_units": joint})  # fmt: skip
    out = desk.draft("water", "water", text, at=at)
    desk.to_sign("water", "water.head", out, at=at)
    with acting_as_system():
        digest = DocumentVersion.objects.filter(document_id=out.document_id).order_by("-place")[0].digest
    desk.do("water.head", actions.sign, out, at=at + timedelta(hours=2), digest=digest)
    by = standing_of(desk.accounts["housing.head"])
    with acting_as(by):
        asked = Countersign.objects.get(handling=out, unit=desk.units["housing"])
        actions.sign_jointly(asked.pk, answer="agrees", digest=digest, by=by, at=at + timedelta(hours=5))


def _tasks(desk: Desk, *, at: datetime) -> None:
    """An instruction made a task within the town, one given to a bureau that asks for more time, one done."""
    hour, day = timedelta(hours=1), timedelta(days=1)

    def give(who: str, unit: str, new: NewTask) -> Task:
        by = standing_of(desk.accounts[who])
        with acting_as(by):
            return actions.give_task(new, unit_id=desk.units[unit].pk, by=by, at=at)

    def step(who: str, verb: str, task: Task, *, after: timedelta, **data: Any) -> None:
        by = standing_of(desk.accounts[who])
        with acting_as(by):
            take(task.case_id, verb, by=by, at=at + after, data=data)

    with acting_as_system():
        said = Opinion.objects.filter(
            kind="instruction", account_id=desk.accounts["chengguan.head"]
        ).select_related("handling__document")[0]
    of_town = NewTask(
        said.handling.document.title, said.text, desk.units["chengguan"].pk, desk.accounts["chengguan"],
        days=6, handling_id=said.handling_id, opinion_id=said.pk,
    )  # fmt: skip
    first = give("chengguan.head", "chengguan", of_town)
    step("chengguan", "feedback", first, after=day, text="南关、北关两个社区已排查完毕。")
    to_water = NewTask(
        "建立供水抢修联动机制", "请水务局牵头，住建局配合，拿出联动方案。", desk.units["water"].pk,
        helper_unit_ids=[desk.units["housing"].pk], days=4,
    )  # fmt: skip
    second = give("gov.head", "county", to_water)
    step("housing", "feedback", second, after=day, text="已提供地下管线图。")
    step("water", "request_extension", second, after=2 * day, days=3, reasons="抢修队伍名单尚待乡镇报送。")
    third = give(
        "gov", "county", NewTask("报送值班表", "请报送冬季值班表。", desk.units["heping"].pk, days=3)
    )
    step("heping", "answer", third, after=day, text="值班表已报送。")
    step("gov.head", "confirm", third, after=day + hour)
    step("gov", "conclude", third, after=day + 2 * hour)


REPORTS = (
    (12, "water", "城区爆管12处一夜全部修复", "民生保障", "昨夜气温骤降至零下9度，城区供水管网爆管12处，涉及居民1860户。我局出动6个班组连夜抢修，今晨6时全部恢复供水。",
     (("county", "云川信息", "第41期", "情况清楚、处置及时。"), ("city", "每日要情", "第330期", ""))),
    (9, "heping", "和平乡建成应急取水点8处", "经验做法", "针对山区村冬季取水难，我乡利用闲置机井建成应急取水点8处，覆盖14个村民小组，群众取水不出2公里。",
     (("county", "云川信息", "第42期", ""), ("instruction", "", "", "做法可行，请水务局总结推广。"))),
    (7, "qingshi", "青石镇召开冬季供水工作会", "民生保障", "我镇召开会议，部署冬季供水工作。", ()),
    (5, "chengguan", "老旧小区供暖管道更换存在资金缺口", "问题建议", "南关、北关两个社区7个老旧小区供暖管道需要更换，尚缺资金180万元，建议列入县级维修资金。",
     (("county", "云川信息", "第43期", ""),)),
    (1, "liuhe", "柳河城区段清淤工程提前完工", "民生保障", "柳河城区段清淤工程较计划提前5天完工，清淤3.2公里，滨河路已恢复双向通行。", None),
)  # fmt: skip
"""Days ago, by whom, heading, topic, text, and its marks: none yet, or an empty row for one that wasn't adopted."""


def _reports(desk: Desk, *, at: datetime) -> None:
    """Reports that came up to the county: adopted once and twice, passed over, waiting; one not sent up yet."""
    hour, county = timedelta(hours=1), desk.units["county"].pk

    def write(who: str, title: str, topic: str, text: str, *, at: datetime) -> int:
        by = standing_of(desk.accounts[who])
        with acting_as(by):
            new = NewReport(title, text, topic, county)
            return actions.write_report(new, unit_id=desk.units[who].pk, by=by, at=at).pk

    def step(who: str, verb: str, case_id: int, *, at: datetime, **data: Any) -> None:
        by = standing_of(desk.accounts[who])
        with acting_as(by):
            take(case_id, verb, by=by, at=at, data=data)

    for days, who, title, topic, text, marks in REPORTS:
        began = at - timedelta(days=days)
        case_id = write(who, title, topic, text, at=began)
        step(f"{who}.head", "send_up", case_id, at=began + hour, unit_id=county)
        for place, (level, bulletin, issue, words) in enumerate(marks or ()):
            mark = {"level": level, "bulletin": bulletin, "issue": issue, "words": words}
            step("gov", "adopt", case_id, at=began + (4 + place) * hour, **mark)
        if marks == ():
            step("gov", "pass_over", case_id, at=began + 4 * hour, reasons="内容空泛，缺少具体做法和数据。")
    write(
        "baiyang",
        "白杨乡发放取暖补贴46万元",
        "民生保障",
        "我乡向312户困难家庭发放取暖补贴46万元。",
        at=at - 3 * hour,
    )

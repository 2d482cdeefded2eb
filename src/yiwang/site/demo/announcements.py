"""What hangs on the demo county's notice board: in force, to be noted, waiting for approval, planned, run out."""

from datetime import datetime, timedelta

from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.notices import actions
from yiwang.kernel.notices.actions import Draft
from yiwang.kernel.orgs.models import Unit

MEETING = """各乡镇、各部门：

定于本周五下午2时30分在县政府二楼会议室召开信访工作例会，请主要负责人参加，并带一名经办人员。

会议内容：通报上月办理情况，研究积案化解措施。请各单位提前准备三分钟发言。

如因故不能参加，请于会前一日向信访局请假。"""
POWER = """因电力检修，本周六上午8时至12时政通路1号、3号办公楼停电。

请各单位提前保存文件、关闭设备；值班人员自备应急照明。热线96519不受影响。"""
RIVER = """自即日起至汛期结束前，柳河城区段进行河道清淤。施工期间，滨河路东段双向各封闭一条车道，请过往车辆减速慢行。

施工时间为每日7时至19时，夜间不施工。

如有意见建议，请拨打96519。"""
WATER = """城关镇东街、南关社区供水管网改造，将于下周一、周二每日9时至17时停水。

请居民提前储水。恢复供水后如水质浑浊，请先放水几分钟再使用。

社区服务中心为行动不便的老人提供送水服务，电话96519。"""
HOLIDAY = """国庆假期值班安排已发各单位，请按表到岗，外出须报备。"""
RULES = """《云川县机关文件流转管理办法》自下月1日起施行。

一、收文当日登记，紧急文件随到随办。
二、传阅件不得积压，每人阅办一般不超过一个工作日。
三、纸质文件与系统登记一致，谁经手谁负责。

请全体工作人员认真阅读并签收。"""


def announce(units: dict[str, Unit], accounts: dict[str, int], *, at: datetime) -> None:
    """Write the notice board of the demo county, each announcement by the clerk of a unit and approved by its head."""
    day, everybody, public = timedelta(days=1), ["everybody"], ["public"]
    today = local_day(at)
    _publish(units, accounts, "inspection", Draft(title="国庆值班安排", text=HOLIDAY, audience=everybody,
             until_on=today - 5 * day), at=at - 20 * day)  # fmt: skip
    _publish(units, accounts, "water", Draft(title="柳河城区段清淤施工公告", text=RIVER, audience=["everybody", "public"],
             is_on_screen=True, until_on=today + 120 * day), at=at - 6 * day)  # fmt: skip
    _publish(units, accounts, "water", Draft(title="城关镇停水通知", text=WATER, audience=public, is_on_screen=True,
             until_on=today + 9 * day), at=at - 2 * day)  # fmt: skip
    rules = _publish(units, accounts, "inspection", Draft(title="关于施行机关文件流转管理办法的通知", text=RULES,
                     audience=everybody, must_read_within=5), at=at - 2 * day)  # fmt: skip
    for name in ("office.head", "water.head", "housing", "chengguan.head", "labour", "education.head"):
        actions.note(rules, version=1, by=standing_of(accounts[name]), at=at - day)
    _publish(units, accounts, "office", Draft(title="信访工作例会通知", text=MEETING,
             audience=[f"below:{units['county'].pk}"], until_on=today + 6 * day), at=at - timedelta(hours=3))  # fmt: skip
    _write(units, accounts, "office", Draft(title="办公楼停电检修通知", text=POWER, audience=everybody,
           until_on=today + 7 * day), at=at - timedelta(hours=1), is_submitted=True)  # fmt: skip
    _write(units, accounts, "office", Draft(title="群众来访接待日安排", text="每月15日为县领导接待日。", audience=public),
           at=at - timedelta(minutes=40), is_submitted=False)  # fmt: skip


def _write(
    units: dict[str, Unit],
    accounts: dict[str, int],
    code: str,
    draft: Draft,
    *,
    at: datetime,
    is_submitted: bool,
) -> int:
    clerk = standing_of(accounts[code])
    found = actions.begin(draft, unit_id=units[code].pk, by=clerk, at=at)
    if is_submitted:
        actions.submit(found.pk, by=clerk, at=at)
    return found.pk


def _publish(
    units: dict[str, Unit], accounts: dict[str, int], code: str, draft: Draft, *, at: datetime
) -> int:
    number = _write(units, accounts, code, draft, at=at, is_submitted=True)
    actions.approve(number, by=standing_of(accounts[f"{code}.head"]), at=at)
    return number

"""The demo's hotline 96519: its line, its agents, a fortnight of calls, articles, and who waits to be called back."""

import io
import math
import struct
import wave
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import (
    ask_call_back,
    block,
    close_call_back,
    enter_service,
    hear,
    merge_calls,
    note_outcome,
    note_words,
    open_line,
    set_state,
    set_up_agent,
    wrap_up,
    write_article,
)
from yiwang.facilities.hotline.enums import AgentState, CallBackOutcome, CallBackReason
from yiwang.facilities.hotline.models import Call, CallBack
from yiwang.facilities.hotline.rules import DAY_SHAPE
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.files.actions import store
from yiwang.kernel.orgs.models import Unit

NUMBER = "96519"
DAYS = 14
CALLS_A_DAY = 12
DRIVER = "cti"

ARTICLES = (
    (
        "服务热线几点有人接",
        "热线",
        "96519 全天有人接听，节假日不休息。第一次没有打通的，我们会在两小时内回电。",
    ),
    (
        "上门服务怎么收费",
        "家政",
        "每个项目都有指导价和最高价，在服务目录中公布。上门人员不得收取最高价以外的费用；材料费另计，须先征得您同意。",
    ),
    (
        "怎样确认上门人员的身份",
        "家政",
        "上门前会告诉您人员姓名和到达时间。请在开门后把四位门口验证码告诉上门人员，没有门口验证码不得开工。",
    ),
    (
        "水管漏水先怎么办",
        "维修",
        "先关闭入户总阀；关不上的，关楼道总阀。漏水危及电器的先断电。然后告诉我们地址和漏水位置，维修人员就近上门。",
    ),
    (
        "燃气有味道怎么办",
        "安全",
        "不要开关电器，不要打电话，先关阀门、开窗、到室外，再拨打燃气抢修电话或119。本热线同时通知社区网格员。",
    ),
    (
        "老人助餐在哪里办",
        "养老",
        "向所在社区居委会登记，六十周岁以上即可。行动不便的可以要求送餐，每餐另收送餐费。",
    ),
    (
        "对服务不满意怎么办",
        "热线",
        "服务结束后我们会回访。不满意的可以要求返工，仍不满意的可以申请裁决，处理结果会告诉您并公布。",
    ),
    (
        "搬家需要提前几天预约",
        "搬运",
        "一般提前一天。节假日前后提前三天。楼层、有没有电梯、贵重物品请在预约时说明。",
    ),
)

TOLD = (
    ("厨房水管漏水，想约今天上门。", "answered"),
    ("问保洁一小时多少钱。", "answered"),
    ("楼道灯坏了一周，请转社区。", "none"),
    ("老人需要送餐，问怎么登记。", "answered"),
    ("燃气灶打不着火。", "answered"),
    ("上次搬运少了一件东西，要求核查。", "call_back"),
    ("问几点有人接电话。", "answered"),
)


def open_hotline(units: dict[str, Unit], accounts: dict[str, int], *, at: datetime) -> None:
    """Everything of the hotline that the demo shows."""
    centre, head = units["centre"].pk, accounts["centre.head"]
    open_line(NUMBER, name="社区服务热线", unit_id=centre)
    began = at - timedelta(days=DAYS + 1)
    agents = [
        enter_service(accounts[name], unit_id=centre, at=began, extension=extension)
        for name, extension in (("agent", "8001"), ("agent.two", "8002"))
    ]
    set_up_agent(agents[0].pk, skills=("维修",), by=head, at=began)
    set_up_agent(agents[1].pk, languages=("蒙古语", "本地方言"), skills=("养老",), by=head, at=began)
    for title, section, text in ARTICLES:
        overdue = title.startswith("搬家")
        review_on = local_day(at) + timedelta(days=-5 if overdue else 150)
        write_article(
            title=title,
            section=section,
            text=text,
            source="社区服务中心",
            review_on=review_on,
            by=head,
            at=began,
        )
    _calls([agent.pk for agent in agents], [accounts["agent"], accounts["agent.two"]], at=at)
    for agent in agents:
        set_state(agent.pk, AgentState.OFF, at=at - timedelta(minutes=1))
    block(
        "13800000099",
        reason="一天内骚扰拨打四十余次，警告后仍不停止",
        until_at=at + timedelta(days=5),
        by=head,
        at=at - timedelta(days=2),
    )


def _calls(agents: list[int], accounts: list[int], *, at: datetime) -> None:
    random = Random(96519)
    for place, came_at in enumerate(_moments(random, at=at)):
        number = f"139{random.randrange(60):08}" if random.random() < 0.97 else "anonymous"
        who = place % len(agents)
        key = f"demo-{place}"
        hear(port.CallOffered(DRIVER, key, came_at, "inbound", number, NUMBER))
        waits = min(70.0, random.expovariate(1 / 6))
        if waits > 25:
            hear(port.CallEnded(DRIVER, key, came_at + timedelta(seconds=waits), cause="caller"))
            continue
        answered_at = came_at + timedelta(seconds=waits)
        ended_at = answered_at + timedelta(seconds=40 + random.expovariate(1 / 110))
        hear(port.CallAnswered(DRIVER, key, answered_at, agent_id=agents[who]))
        hear(port.CallEnded(DRIVER, key, ended_at, cause="caller"))
        _became(key, place, by=accounts[who], at=ended_at)
    _finish(at=at)


def _moments(random: Random, *, at: datetime) -> Iterator[datetime]:
    """When the calls come: more in the morning than at night, none later than now."""
    midnight = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=(at.hour + 8) % 24)
    for day in range(DAYS, -1, -1):
        hours = random.choices(range(24), weights=DAY_SHAPE, k=CALLS_A_DAY)
        moments = sorted(
            midnight - timedelta(days=day) + timedelta(hours=hour, seconds=random.randrange(3600))
            for hour in hours
        )
        yield from (moment for moment in moments if moment < at - timedelta(minutes=5))


def _became(key: str, place: int, *, by: int, at: datetime) -> None:
    call = Call.objects.get(driver=DRIVER, driver_key=key)
    words, outcome = TOLD[place % len(TOLD)]
    note_words(call.pk, words=words, by=by)
    if outcome == "call_back":
        ask_call_back(
            call.number,
            reason=CallBackReason.PROMISED,
            unit_id=call.unit_id,
            call_id=call.pk,
            words=words,
            at=at,
        )
    note_outcome(call.pk, outcome=outcome, words=words, by=by, at=at)
    wrap_up(call.pk, by=by, at=at + timedelta(seconds=20))


def _finish(*, at: datetime) -> None:
    """One call has a recording, the newest is joined to the one before it, old call-backs are done."""
    for task in CallBack.objects.filter(done_at__isnull=True, asked_at__lt=at - timedelta(hours=20)):
        close_call_back(
            task.pk, outcome=CallBackOutcome.REACHED, by=None, at=task.asked_at + timedelta(minutes=50)
        )
    newest = list(Call.objects.filter(answered_at__isnull=False).order_by("-offered_at")[:3])
    merge_calls(
        newest[0].pk, into=newest[1].pk, by=newest[0].agent.account_id if newest[0].agent else 0, at=at
    )
    blob = store(
        io.BytesIO(_a_recording()), filename="demo.wav", at=at, limit_bytes=1 << 20, allowed=("audio/wav",)
    )
    assert newest[2].ended_at is not None
    hear(
        port.RecordingReady(
            DRIVER, newest[2].driver_key, newest[2].ended_at + timedelta(seconds=1), blob.digest, 4
        )
    )


def _a_recording() -> bytes:
    """Four seconds of two quiet tones, the caller's left, the agent's right; nobody's voice."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        for step in range(4 * 8000):
            left = 3000 * math.sin(2 * math.pi * 330 * step / 8000) if step // 8000 % 2 == 0 else 0
            right = 3000 * math.sin(2 * math.pi * 440 * step / 8000) if step // 8000 % 2 else 0
            file.writeframesraw(struct.pack("<hh", round(left), round(right)))
    return made.getvalue()

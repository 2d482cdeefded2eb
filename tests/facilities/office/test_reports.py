"""Reports going up: written, sent up by the head, adopted, passed over or returned; the writers see it; the figures."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.builders import NOON, County, a_county
from tests.facilities.office.test_screens import browser
from yiwang.facilities.office.actions import NewReport, write_report
from yiwang.facilities.office.faults import Classified, NotThese
from yiwang.facilities.office.models import Adoption
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.casework import actions as casework
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.stats.report import report_of
from yiwang.kernel.stats.rules import Period
from yiwang.kernel.stats.tables import sheets_of

pytestmark = pytest.mark.django_db
MONTH = Period(NOON.year, NOON.month)


def a_report(county: County, who: str = "water.clerk", to: str = "office", **changes: Any) -> Case:
    """A report that somebody writes for another unit."""
    fields = {"title": "抢修爆管12处", "text": "昨夜爆管12处，今晨6时全部修复。", "topic": "民生保障"}
    fields |= {"to_unit_id": county.unit(to).pk, **changes}
    by = county.standing(who)
    with acting_as(by):
        return write_report(
            NewReport(**fields), unit_id=county.unit(who.partition(".")[0]).pk, by=by, at=NOON
        )


def step(county: County, who: str, verb: str, case: Case, **data: Any) -> None:
    by = county.standing(who)
    with acting_as(by):
        casework.take(case.pk, verb, by=by, at=NOON, data=data)


def a_report_sent_up(county: County, who: str = "water", **changes: Any) -> Case:
    case = a_report(county, f"{who}.clerk", **changes)
    step(county, f"{who}.head", "send_up", case, unit_id=county.unit("office").pk)
    return case


def fresh(case: Case) -> Case:
    with acting_as_system():
        return Case.objects.get(pk=case.pk)


def told(county: County, who: str) -> list[str]:
    with acting_as_system():
        found = Notice.objects.filter(account_id=county.accounts[who].pk, kind="waits")
        return [str(one.facts["what"]) for one in found.order_by("pk")]


def test_the_head_sends_it_up_and_a_clerk_can_not() -> None:
    county = a_county()
    case = a_report(county)
    with pytest.raises(GuardFailed):
        step(county, "water.clerk", "send_up", case, unit_id=county.unit("office").pk)
    step(county, "water.head", "send_up", case, unit_id=county.unit("office").pk)
    sent = fresh(case)
    assert (sent.state, sent.holder_unit_id) == ("sent_up", county.unit("office").pk)
    assert sent.due_on is not None


def test_the_unit_that_it_is_meant_for_stands_in_the_step_already() -> None:
    county = a_county()
    case = a_report(county)
    shown = browser(county, "water.head").get(reverse("casework:case", args=[case.pk])).content.decode()
    assert f'name="unit_id_key" value="{county.unit("office").pk}"' in shown
    assert "Matters of this class usually go to" not in shown


def test_an_adoption_is_seen_by_the_writers_with_level_bulletin_and_words(
    django_capture_on_commit_callbacks: Any,
) -> None:
    county = a_county()
    case = a_report_sent_up(county)
    with pytest.raises(NotPermitted):
        step(county, "water.head", "adopt", case, level="county")
    mark = {"level": "county", "bulletin": "云川信息", "issue": "第12期", "words": "情况清楚。"}
    with django_capture_on_commit_callbacks(execute=True):
        step(county, "office.clerk", "adopt", case, **mark)
    with acting_as(county.standing("water.clerk")):
        kept = Adoption.objects.get(case=case)
    assert (kept.level, kept.bulletin, kept.issue, kept.words) == (
        "county",
        "云川信息",
        "第12期",
        "情况清楚。",
    )
    assert kept.account_id == county.accounts["office.clerk"].pk
    assert told(county, "water.clerk") == told(county, "water.head") == ["A report of your unit was adopted."]
    marks = reverse("office:report_marks", args=[case.pk])
    shown = browser(county, "water.clerk").get(marks).content.decode()
    assert "云川信息 第12期" in shown
    assert "情况清楚。" in shown
    listed = browser(county, "water.clerk").get(reverse("office:reports")).content.decode()
    assert "云川信息 第12期" in listed


def test_a_report_that_went_further_up_bears_every_mark_and_counts_once() -> None:
    county = a_county()
    case = a_report_sent_up(county)
    step(county, "office.clerk", "adopt", case, level="county", bulletin="云川信息")
    step(county, "office.head", "adopt", case, level="city", bulletin="每日要情")
    with acting_as_system():
        levels = list(Adoption.objects.filter(case=case).order_by("pk").values_list("level", flat=True))
    assert levels == ["county", "city"]
    assert fresh(case).ended_at is not None
    assert figures(county)["adopted"] == 1


def test_a_mark_is_neither_changed_nor_removed() -> None:
    county = a_county()
    case = a_report_sent_up(county)
    step(county, "office.clerk", "adopt", case, level="county")
    with acting_as_system():
        for change in (
            lambda: Adoption.objects.filter(case=case).update(level="state"),
            lambda: Adoption.objects.filter(case=case).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_who_has_nothing_to_do_with_a_report_sees_neither_it_nor_its_marks() -> None:
    county = a_county()
    case = a_report_sent_up(county)
    step(county, "office.clerk", "adopt", case, level="county", bulletin="云川信息")
    with acting_as(county.standing("heping.clerk")):
        assert not Adoption.objects.exists()
    stranger = browser(county, "heping.clerk")
    assert stranger.get(reverse("office:report_marks", args=[case.pk])).status_code == 404
    assert (
        "抢修爆管12处" not in stranger.get(reverse("office:reports"), {"part": "received"}).content.decode()
    )


def test_not_adopted_is_said_with_reasons() -> None:
    county = a_county()
    case = a_report_sent_up(county)
    step(county, "office.clerk", "pass_over", case, reasons="时效已过。")
    assert fresh(case).state == "not_adopted"
    with pytest.raises(NotAllowedNow):
        step(county, "office.clerk", "adopt", case, level="county")


def test_what_is_returned_is_written_anew_from_the_same_words() -> None:
    county = a_county()
    case = a_report_sent_up(county)
    step(county, "office.clerk", "return_report", case, reasons="缺时间地点。")
    assert (fresh(case).state, fresh(case).holder_unit_id) == ("returned", county.unit("water").pk)
    clerk = browser(county, "water.clerk")
    marks = clerk.get(reverse("office:report_marks", args=[case.pk])).content.decode()
    again = f"{reverse('office:write_report')}?again={case.pk}"
    assert again in marks
    initial = clerk.get(again).context["form"].initial
    assert (initial["title"], initial["text"]) == (case.title, case.text)
    assert initial["to"] == str(county.unit("office").pk)
    assert browser(county, "heping.clerk").get(again).status_code == 404


def test_a_form_sent_twice_is_one_report_and_secrets_are_refused() -> None:
    county = a_county()
    assert a_report(county, key="same").pk == a_report(county, key="same").pk
    with pytest.raises(Classified):
        a_report(county, text="机密★1年\n请阅。")
    with pytest.raises(NotThese):
        a_report(county, to_unit_id=county.unit("water").pk)
    with pytest.raises(NotThese):
        a_report(county, topic="闲谈")


def test_the_form_writes_a_report_to_the_unit_above() -> None:
    county = a_county()
    clerk = browser(county, "water.clerk")
    form = clerk.get(reverse("office:write_report")).context["form"]
    assert form.initial["to"] == str(county.unit("county").pk)
    typed = {
        "title": "雪情",
        "text": "降雪8厘米。",
        "topic": "突发情况",
        "to": form.initial["to"],
        "key": "k",
    }
    assert clerk.post(reverse("office:write_report"), typed).status_code == 303
    with acting_as_system():
        case = Case.objects.get(type_key="information_report")
    assert (case.title, case.category, case.state) == ("雪情", "突发情况", "written")
    assert clerk.post(reverse("office:write_report"), {**typed, "text": ""}).status_code == 422


def figures(county: County, who: str = "office.head") -> dict[str, Any]:
    with acting_as(county.standing(who)):
        return dict(
            report_of(
                county.standing(who), institution="information", period=MONTH, as_of=NOON.date()
            ).figures
        )


def test_the_month_counts_reports_and_adoptions_by_the_unit_that_wrote_them() -> None:
    county = a_county()
    adopted, passed, returned = (a_report_sent_up(county) for _ in range(3))
    other = a_report_sent_up(county, "heping")
    step(county, "office.clerk", "adopt", adopted, level="county")
    step(county, "office.clerk", "adopt", other, level="city")
    step(county, "office.clerk", "pass_over", passed, reasons="已刊用同类信息。")
    step(county, "office.clerk", "return_report", returned, reasons="缺数据。")
    found = figures(county)
    assert (found["received"], found["sent_up"], found["adopted"], found["answered"]) == (4, 3, 2, 3)
    assert found["adoption_rate"] == pytest.approx(66.7, abs=0.1)
    with acting_as(county.standing("office.head")):
        report = report_of(
            county.standing("office.head"), institution="information", period=MONTH, as_of=NOON.date()
        )
    by_unit = {part.label: (part.received, part.figures["adopted"]) for part in report.parts["unit"]}
    assert by_unit == {"水务局": (3, 1), "和平乡": (1, 1)}
    heads = next(sheet.heads for sheet in sheets_of(report) if sheet.name == "按报送单位")
    assert heads[1:] == ("撰写信息", "已有结果", "逾期有结果", "已报送", "已采用", "逾期有结果 %")


def test_the_figures_of_petitions_know_nothing_of_reports() -> None:
    county = a_county()
    with acting_as(county.standing("office.head")):
        report = report_of(
            county.standing("office.head"), institution="petitions", period=MONTH, as_of=NOON.date()
        )
    names = [row[0] for sheet in sheets_of(report) for row in sheet.rows]
    assert "已采用" not in names
    assert "收件" in names


def test_heads_open_the_figures_from_the_list_and_every_figure_its_reports() -> None:
    county = a_county()
    case = a_report_sent_up(county)
    step(county, "office.clerk", "adopt", case, level="county")
    head = browser(county, "office.head")
    address = head.get(reverse("office:reports")).context["figures_url"]
    page = head.get(f"{address}&month={MONTH}").content.decode()
    assert "figure=adopted" in page
    listed = head.get(
        f"{reverse('stats:cases')}{address.partition('/stats/')[2]}&month={MONTH}&figure=adopted"
    )
    assert [row.title for row in listed.context["table"].rows] == ["抢修爆管12处"]

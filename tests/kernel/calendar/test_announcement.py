"""Reading the State Council's notices as they stand, and refusing what can't be right."""

from datetime import date

import pytest

from yiwang.kernel.calendar.announcement import NoticeProblem, announced, changes, check, read_notice
from yiwang.kernel.calendar.enums import DayKind, YearStatus
from yiwang.kernel.calendar.queries import names_in_english
from yiwang.kernel.calendar.rules import ExceptionalDay
from yiwang.kernel.calendar.seed import read, seed_calendar

NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""
NOTICE_2006 = """一、元旦:1月1日—3日放假,共3天。其中1月1日为法定假日,将12月31日(星期六)、1月1日(星期日)两个公休日调至1月2日(星期一)、3日(星期二),12月31日(星期六)上班。
二、春节:1月29日—2月4日(即农历大年初一至初七)放假,共7天。其中,29日、30日、31日为法定假日,将1月28日(星期六)、29日(星期日)、2月5日(星期日)三个公休日调至2月1日(星期三)、2日(星期四)、3日(星期五),2月4日(星期六)照常公休,1月28日、2月5日上班。
三、“五一”:5月1日—7日放假,共7天。其中,1日、2日、3日为法定假日,将4月29日(星期六)、30日(星期日)两个公休日调至5月4日(星期四)、5日(星期五),5月6日(星期六)、7日(星期日)照常公休,4月29日、30日上班。
四、“十一”:10月1日—7日放假,共7天。其中,1日、2日、3日为法定假日,将9月30日(星期六)、10月1日(星期日)、8日(星期日)三个公休日调至10月4日(星期三)、5日(星期四)、6日(星期五),10月7日(星期六)照常公休,9月30日、10月8日上班。
"""
CALENDAR = seed_calendar()


@pytest.mark.parametrize(("year", "text"), [(2026, NOTICE_2026), (2006, NOTICE_2006)])
def test_a_pasted_notice_gives_the_working_days_that_are_known(year, text):
    days = read_notice(text, year=year, names_en=names_in_english(CALENDAR))
    replaced = frozenset(next(entry.days for entry in read() if entry.year == year))
    after = announced(CALENDAR, days, year=year, replaced=replaced)
    assert len(days) > 20
    assert changes(CALENDAR, after, year=year) == ()


def test_a_notice_names_its_days_in_both_languages():
    days = read_notice(
        "春节：2027-02-05至2027-02-11放假。2027-01-31上班。", year=2027, names_en={"春节": "Spring Festival"}
    )
    assert sorted(days) == [date(2027, 1, 31), *(date(2027, 2, day) for day in range(5, 12))]
    assert days[date(2027, 1, 31)] == (DayKind.MAKE_UP_WORKING, "春节", "Spring Festival")
    assert days[date(2027, 2, 7)] == (DayKind.HOLIDAY, "春节", "Spring Festival")


def test_a_holiday_over_new_year_may_begin_in_december():
    days = read_notice(
        "元旦：2007年12月30日-2008年1月1日放假，共3天。12月29日（星期六）上班。", year=2008, names_en={}
    )
    assert {day: found.kind for day, found in days.items()} == {
        date(2007, 12, 29): DayKind.MAKE_UP_WORKING,
        date(2007, 12, 30): DayKind.HOLIDAY,
        date(2007, 12, 31): DayKind.HOLIDAY,
        date(2008, 1, 1): DayKind.HOLIDAY,
    }


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("", "no_days_off", 0),
        ("明年的放假安排另行通知", "no_days_off", 0),
        ("春节：2月30日放假。", "no_such_day", 1),
        ("春节：2月11日至5日放假。", "span_backwards_or_too_long", 1),
        ("春节：5日放假。", "day_without_month", 1),
        ("春节：2月5日放假。\n春节：2月6日。", "neither_off_nor_working", 2),
        ("春节：2月6日放假。2月6日上班。", "day_both_ways", 1),
        ("春节：2月5日放假。2月3日至4日上班。", "make_up_as_a_span", 1),
        ("春节：2月5日放假。2月4日上班。", "make_up_on_a_weekday", 0),
        ("春节：2031年2月5日放假。", "day_of_another_year", 0),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused_with_its_line(text, reason, line):
    with pytest.raises(NoticeProblem) as problem:
        read_notice(text, year=2027, names_en={})
    assert (problem.value.reason, problem.value.line) == (reason, line)


def test_only_exceptions_can_be_announced():
    days = {
        date(2027, 1, 1): ExceptionalDay(DayKind.HOLIDAY, "元旦", "New Year's Day"),
        date(2027, 1, 4): ExceptionalDay(DayKind.WORKING, "", ""),
    }
    with pytest.raises(NoticeProblem) as problem:
        check(days, year=2027)
    assert problem.value.reason == "not_an_exception"


def test_a_day_that_the_new_announcement_does_not_name_becomes_ordinary():
    days = {date(2027, 1, 1): ExceptionalDay(DayKind.HOLIDAY, "元旦", "New Year's Day")}
    replaced = frozenset(day for day in CALENDAR.exceptions if day.year == 2027)
    after = announced(CALENDAR, days, year=2027, replaced=replaced)
    assert after.status_of(2027) is YearStatus.PUBLISHED
    assert {change.day for change in changes(CALENDAR, after, year=2027)} == {
        day for day in replaced if day.weekday() < 5 and day != date(2027, 1, 1)
    }

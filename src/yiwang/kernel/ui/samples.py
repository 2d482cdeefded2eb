"""Invented material for the pattern page: a county that doesn't exist and people nobody knows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .forms import ComboInput, DateInput, ExplainedRadios, FilesField
from .icons import drawings
from .parts import Bar, Day, Fact, File, Hop, Link, Moment
from .states import KINDS, state
from .tables import BulkAction, Column, Table
from .tags.times import clock

TODAY = date(2026, 3, 12)
LONG_NAME = "阿卜杜热合曼·麦麦提图尔荪·阿卜杜拉洪阿吉"
TALL_NAME = "ᠪᠣᠷᠵᠢᠭᠢᠨ ᠡᠷᠳᠡᠨᠢᠪᠠᠶᠠᠷ · 孛儿只斤·额尔德尼巴雅尔"
UNITS = [
    "云川县信访局",
    "云川县住房和城乡建设局",
    "云川县人力资源和社会保障局",
    "城关镇人民政府",
    "石桥乡人民政府",
]


class SampleForm(forms.Form):
    """One field of each kind."""

    subject = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=60,
        help_text=gettext_lazy("In one sentence, in your own words."),
    )
    text = forms.CharField(label=gettext_lazy("What happened?"), max_length=5000, widget=forms.Textarea)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you want?"),
        choices=[
            ("claim", gettext_lazy("Claim")),
            ("suggestion", gettext_lazy("Suggestion")),
            ("accusation", gettext_lazy("Accusation")),
        ],
        widget=ExplainedRadios(
            hints={
                "claim": gettext_lazy("Something should be done, paid or put right."),
                "suggestion": gettext_lazy("Something could be better for everybody."),
                "accusation": gettext_lazy("Somebody in office has broken the rules."),
            }
        ),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        required=False,
        widget=ComboInput(url="/patterns/suggest/", value_name="unit_key"),
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), choices=[(unit, unit) for unit in UNITS[3:]])
    since = forms.DateField(label=gettext_lazy("Since when?"), required=False, widget=DateInput)
    is_public = forms.BooleanField(
        label=gettext_lazy("The answer may be published without my name"), required=False
    )
    photos = FilesField(
        label=gettext_lazy("Photos and papers"),
        required=False,
        help_text=gettext_lazy("At most ten files of 20 MB each."),
    )


def everything() -> dict[str, Any]:
    """The context of the pattern page."""
    return {
        "today": TODAY,
        "long_name": LONG_NAME,
        "tall_name": TALL_NAME,
        "hostile": '<script>alert(1)</script> & "quotes"',
        "kinds": KINDS,
        "icons": sorted(drawings()),
        "crumbs": [Link(_("Waiting for me"), "#"), Link("YC2026-000318", "#")],
        "filters": filters(),
        "clocks": clocks(),
        "table": table(rows()),
        "one_row": table(rows()[:1], caption=_("One row")),
        "no_rows": table([]),
        "facts": facts(),
        "moments": moments(),
        "hops": hops(),
        "days": days(),
        "empty_form": SampleForm(prefix="empty"),
        "wrong_form": SampleForm({"wrong-text": "…", "wrong-since": "31.2.2026"}, prefix="wrong"),
        "files": [
            File("证明材料.pdf", 482_133, "#"),
            File("现场照片 2026-03-02 上午 东侧围墙.jpg", 3_912_004, "#", _("from the petitioner")),
        ],
        **charts(),
    }


def filters() -> list[Link]:
    """Filters with counts."""
    return [
        Link(_("All"), "#all", is_current=True, count=48),
        Link(_("Due soon"), "#soon", count=6),
        Link(_("Overdue"), "#late", count=2),
        Link(_("Suspended"), "#waiting", count=0),
    ]


def clocks() -> list[Any]:
    """A clock in each of its states."""
    start = TODAY - timedelta(days=20)
    return [
        clock(_("Handling"), TODAY + timedelta(days=40), TODAY, start),
        clock(
            _("Objection"),
            TODAY + timedelta(days=4),
            TODAY,
            TODAY - timedelta(days=3),
            unit="working",
            left=3,
        ),
        clock(_("Notice of receipt"), TODAY, TODAY, TODAY - timedelta(days=15)),
        clock(_("Handling"), TODAY - timedelta(days=5), TODAY, TODAY - timedelta(days=65)),
        clock(_("Handling"), TODAY + timedelta(days=9), TODAY, start, state="waiting"),
        clock(
            _("Transfer"),
            TODAY + timedelta(days=2),
            TODAY,
            start,
            state="done",
            ended_on=TODAY - timedelta(days=1),
        ),
    ]


def rows() -> list[dict[str, Any]]:
    """Rows of a desk."""
    subjects = [
        "城关镇东街 18 号楼下水道堵了三个月，物业说不归他们管",
        "村里修路占了我家的地，补偿款一直没有给",
        "建议在县医院门口设一个公交站",
        "拖欠工资",
        "石桥乡小学门口放学时车太多，孩子过马路很危险，" * 4,
    ]
    people = ["林晓川", LONG_NAME, TALL_NAME, "何 冬", "赵一诺"]
    return [
        {
            "number": f"YC2026-{318 + n:06}",
            "subject": subject,
            "who": people[n],
            "unit": UNITS[n],
            "left": 9 - 4 * n,
        }
        for n, subject in enumerate(subjects)
    ]


def table(listed: list[dict[str, Any]], *, caption: str = "") -> Table:
    """A desk with the given rows."""
    return Table(
        caption=caption or _("Waiting for me"),
        columns=[
            Column(_("Number"), lambda row: row["number"], kind="code"),
            Column(_("Matter"), lambda row: row["subject"], is_main=True),
            Column(_("Who"), lambda row: row["who"]),
            Column(_("Where"), lambda row: row["unit"]),
            Column(
                _("Term"),
                lambda row: clock("", TODAY + timedelta(days=row["left"]), TODAY, TODAY - timedelta(days=15)),
            ),
            Column(_("State"), lambda row: state("info")),
        ],
        rows=listed,
        row_url=lambda row: f"#{row['number']}",
        row_key=lambda row: row["number"],
        bulk=[
            BulkAction("hand_over", _("Hand over"), icon="forward"),
            BulkAction("watch", _("Watch"), icon="eye"),
        ],
        bulk_url="#",
        next_url="#next",
        total=_("48 matters"),
        empty_title=_("Nothing waits for you"),
        empty_words=_(
            "Everything that came to you has been passed on or answered. New matters appear here by themselves."
        ),
        empty_links=[Link(_("Look at what the unit holds"), "#unit")],
    )


def facts() -> list[Fact]:
    """A description list."""
    return [
        Fact(_("Number"), "YC2026-000318"),
        Fact(_("Who"), LONG_NAME),
        Fact(_("Channel"), _("Web")),
        Fact(_("Answer"), "云建信〔2026〕12号", "#letter"),
    ]


def moments() -> list[Moment]:
    """A journal over two holders."""
    begin = datetime(2026, 2, 20, 1, 12, tzinfo=UTC)
    return [
        Moment(begin, "林晓川", _("Brought in on the web"), holder=UNITS[0]),
        Moment(begin + timedelta(days=1), "周文", _("Registered"), holder=UNITS[0]),
        Moment(
            begin + timedelta(days=3),
            "周文",
            _("Forwarded"),
            holder=UNITS[0],
            words="涉及房屋质量保修责任，属住建局职责。\n请依法办理并答复。",
            links=[Link(_("Letter of transfer"), "#letter")],
        ),
        Moment(begin + timedelta(days=6), LONG_NAME, _("Accepted"), holder=UNITS[1]),
        Moment(
            begin + timedelta(days=19),
            LONG_NAME,
            _("Visited the place"),
            holder=UNITS[1],
            words="已到现场查看。",
        ),
    ]


def hops() -> list[Hop]:
    """A chain of custody over three units."""
    return [
        Hop(UNITS[0], "YC2026-000318", date(2026, 2, 20), date(2026, 2, 23), "done", _("Forwarded")),
        Hop(UNITS[1], "ZJ2026-0041", date(2026, 2, 23), date(2026, 3, 2), "done", _("Handed on")),
        Hop(UNITS[3], "CG2026-017", date(2026, 3, 2), None, "soon", _("3 working days left"), is_here=True),
    ]


def days() -> list[Day]:
    """A term that begins on a day, skips weekends, is suspended and ends."""
    found = [Day(date(2026, 2, 23), "start", _("Received; the day itself is not counted"))]
    on = date(2026, 2, 24)
    while on < date(2026, 3, 20):
        if date(2026, 3, 9) <= on <= date(2026, 3, 11):
            found.append(Day(on, "suspended", _("Suspended while papers were awaited")))
        elif on.weekday() >= 5 and on != date(2026, 2, 28):
            found.append(Day(on, "skipped", _("Weekend")))
        elif on == date(2026, 2, 28):
            found.append(Day(on, "counted", _("A working Saturday, made up for the Spring Festival")))
        else:
            found.append(Day(on, "counted"))
        on += timedelta(days=1)
    return [*found, Day(on, "due")]


def charts() -> dict[str, Any]:
    """Values for each chart."""
    months = [
        (n, value) for n, value in enumerate((92, 61, 118, 131, 104, 97, 88, 140, 122, 95, 101, 76), start=1)
    ]
    first = date(2025, 1, 1)
    return {
        "classes": [
            Bar(_("Housing"), 412, "#housing"),
            Bar(_("Wages"), 288, "#wages"),
            Bar(_("Land"), 171, "#land"),
            Bar(_("Roads and traffic"), 96, "#roads"),
            Bar(_("Schools"), 0, "#schools"),
        ],
        "months": [Bar(str(n), value, f"#m{n}") for n, value in months],
        "last_year": [Bar(str(n), value * 0.8 + 11 * (n % 3)) for n, value in months],
        "heat": SimpleLazyObject(
            lambda: {
                first + timedelta(days=n): (n * 7 + n * n) % 11 if n % 7 not in (4, 5) else 0
                for n in range(365)
            }
        ),
        "few": [3, 5, 4, 8, 6, 9],
    }

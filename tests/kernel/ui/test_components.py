"""Components: hostile text stays text, long names fit, none one and many rows, words beside colours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from yiwang.kernel.ui import samples
from yiwang.kernel.ui.forms import ComboInput, DateInput, FilesField
from yiwang.kernel.ui.icons import NoSuchIcon, icon
from yiwang.kernel.ui.pages.patterns import patterns, suggest
from yiwang.kernel.ui.parts import Bar, Fact, File, Hop, Link, Moment, stretches
from yiwang.kernel.ui.states import KINDS, NoSuchState, state

HOSTILE = "<script>alert('x')</script>\"&"
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;"
TODAY = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def drawn(source: str, **values) -> str:
    return Template("{% load ui %}" + source).render(Context({"today": TODAY, "hostile": HOSTILE, **values}))


LEAVES = [
    "{% button hostile %}",
    '{% button hostile kind="tool" icon="printer" %}',
    "{% button 'x' name=hostile %}",
    '{% link_button hostile "/" %}',
    "{% link_button 'x' hostile %}",
    '{% post_button hostile "/" token=hostile %}',
    '{% state "late" hostile %}',
    '{% badge "soon" hostile %}',
    "{% tag hostile %}",
    "{% kbd hostile %}",
    "{% progress 1 2 hostile %}",
    "{% notice title=hostile %}{{ hostile }}{% endnotice %}",
    '{% panel hostile name="p" %}{{ hostile }}{% endpanel %}',
    "{% more hostile %}{{ hostile }}{% endmore %}",
    "{% card title=hostile %}{{ hostile }}{% endcard %}",
    "{% peek_link hostile hostile %}",
    "{% empty hostile %}{{ hostile }}{% endempty %}",
    "{% breadcrumbs links %}",
    "{% filters links label=hostile %}",
    "{% tabs links label=hostile %}",
    "{% qr hostile %}{% endqr %}",
    "{% toast hostile undo_url=hostile %}",
    "{% clock label=hostile due_on=today today=today %}",
    "{% why_calendar days title=hostile summary=hostile article=hostile article_url=hostile %}",
    "{% facts facts %}",
    "{% factlist %}{% fact hostile %}{{ hostile }}{% endfact %}{% endfactlist %}",
    "{% timeline moments today=today %}",
    "{% chain hops today=today label=hostile %}",
    "{% letter office=hostile number=hostile title=hostile to=hostile signed_by=hostile %}{{ hostile }}{% endletter %}",
    "{% filelist files %}",
    "{% stat hostile hostile unit=hostile period=hostile formula=hostile url=hostile note=hostile %}",
    "{% bars bars hostile unit=hostile %}",
    "{% columns bars hostile unit=hostile %}",
    "{% line bars hostile unit=hostile before=bars before_words=hostile %}",
    "{% share bars hostile %}",
    "{% heatmap heat hostile %}",
    "{% spark values hostile %}",
    "{% datatable table %}",
    "{% table hostile %}{% endtable %}",
    "{% pager previous_url=hostile next_url=hostile %}",
    "{% errors form %}{% fields form %}",
]


@pytest.mark.parametrize("source", LEAVES)
def test_hostile_text_stays_text(source):
    text = drawn(source, **hostile_values())
    assert "<script" not in text
    assert "'x')</" not in text
    assert SAFE in text


def hostile_values():
    form_class = type(
        "Hostile", (forms.Form,), {"name": forms.IntegerField(label=HOSTILE, help_text=HOSTILE)}
    )
    rows = [{"number": HOSTILE, "subject": HOSTILE, "who": HOSTILE, "unit": HOSTILE, "left": 1}]
    return {
        "links": [Link(HOSTILE, HOSTILE, is_current=True)],
        "days": samples.days(),
        "facts": [Fact(HOSTILE, HOSTILE, HOSTILE)],
        "moments": [
            Moment(
                datetime(2026, 3, 1, tzinfo=UTC), HOSTILE, HOSTILE, HOSTILE, HOSTILE, [Link(HOSTILE, HOSTILE)]
            )
        ],
        "hops": [Hop(HOSTILE, HOSTILE, TODAY, None, "late", HOSTILE)],
        "files": [File(HOSTILE, 1, HOSTILE, HOSTILE)],
        "bars": [Bar(HOSTILE, 1, HOSTILE, HOSTILE)],
        "heat": {TODAY: 1},
        "values": [1, 2],
        "table": samples.table(rows),
        "form": form_class({"name": HOSTILE}),
    }


@pytest.mark.parametrize(
    "name", [samples.LONG_NAME, samples.TALL_NAME, "Muhammadjon Abdurahmonovich Toʻxtamurodov-Qoʻqonboyev"]
)
def test_long_names_come_through_whole(name):
    rows = [{"number": "1", "subject": name, "who": name, "unit": name, "left": 1}]
    assert drawn("{% datatable table %}", table=samples.table(rows)).count(name) == 3


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (5, 5), (200, 200)])
def test_a_table_draws_each_row_once(count, lines):
    rows = [{**samples.rows()[0], "number": f"N{n}"} for n in range(count)]
    text = drawn("{% datatable table %}", table=samples.table(rows), csrf_token="t" * 8)
    assert text.count('name="row"') == lines
    assert text.count("data-open") == lines
    assert "t" * 8 in text


def test_an_empty_table_says_why_and_what_to_do():
    text = drawn("{% datatable table %}", table=samples.table([]))
    assert "<table" not in text
    assert "Nothing waits for you" in text
    assert "Look at what the unit holds" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_is_a_word_and_a_shape_as_well_as_a_colour(kind):
    text = state(kind, words="word")
    assert f'class="state state-{kind}"' in text
    assert "<svg" in text
    assert text.endswith("</svg>word</span>")


def test_each_state_has_a_shape_of_its_own():
    assert len({state(kind, words="").partition("<svg")[2] for kind in KINDS}) == len(KINDS)


def test_unknown_names_are_refused():
    with pytest.raises(NoSuchIcon):
        icon("no-such-icon")
    with pytest.raises(NoSuchState):
        state("angry")


class Sample(forms.Form):
    subject = forms.CharField(label="Subject", help_text="In one sentence.")
    text = forms.CharField(label="Text", max_length=20, widget=forms.Textarea, required=False)
    since = forms.DateField(label="Since", required=False, widget=DateInput)
    unit = forms.CharField(
        label="Unit", required=False, widget=ComboInput(url="/suggest/", value_name="unit_key")
    )
    photos = FilesField(label="Photos", required=False)


def test_a_field_is_wired_to_its_help_and_its_error():
    text = drawn("{% field form.subject %}", form=Sample({}))
    assert 'aria-describedby="id_subject-help id_subject-error"' in text
    assert 'aria-invalid="true"' in text
    assert text.index("In one sentence.") < text.index("<input")
    assert 'id="id_subject-error"' in text
    assert 'id="id_subject-help"' in text


def test_a_field_without_error_says_nothing_of_one():
    text = drawn("{% field form.subject %}", form=Sample())
    assert 'aria-describedby="id_subject-help"' in text
    assert "aria-invalid" not in text


def test_what_was_typed_is_still_there():
    text = drawn("{% fields form %}", form=Sample({"text": "x" * 21, "unit": "half", "unit_key": "7"}))
    assert "x" * 21 in text
    assert 'value="half"' in text
    assert 'name="unit_key" value="7"' in text


def test_a_date_is_shown_in_the_form_browsers_want_in_either_language():
    for language in ("en", "zh-hans"):
        with override(language):
            assert 'value="2026-03-12"' in drawn(
                "{% field form.since %}", form=Sample(initial={"since": TODAY})
            )


def test_the_summary_leads_to_each_field():
    text = drawn("{% errors form %}", form=Sample({"since": "never"}))
    assert 'href="#id_subject"' in text
    assert 'href="#id_since"' in text
    assert drawn("{% errors form %}", form=Sample({"subject": "s"})) == ""


def test_several_files_come_as_a_list():
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = MultiValueDict({"photos": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]})
    form = Sample({"subject": "s"}, files)
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["photos"]] == ["a.txt", "b.txt"]
    form = Sample({"subject": "s"})
    assert form.is_valid()
    assert form.cleaned_data["photos"] == []


def test_journal_entries_are_gathered_by_holder():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    told = [Moment(at + timedelta(days=n), "w", "w", holder=holder) for n, holder in enumerate("AABA")]
    assert [(s.holder, len(s.moments), s.is_here) for s in stretches(told)] == [
        ("A", 2, False),
        ("B", 1, False),
        ("A", 1, True),
    ]


@pytest.mark.parametrize("tag", ["bars", "columns", "line", "share"])
def test_charts_of_nothing_and_of_zeros_draw(tag):
    for bars in ([], [Bar("a", 0)], [Bar("a", 0), Bar("b", 0)]):
        text = drawn(f"{{% {tag} bars 'Title' %}}", bars=bars)
        assert "Title" in text
        assert "nan" not in text


def test_a_share_has_five_parts_at_most():
    text = drawn("{% share bars 'T' %}", bars=[Bar(f"part {n}", 1) for n in range(9)])
    assert text.count("<li>") == 5
    assert "Others 5" in text


def test_values_of_a_chart_stand_in_a_table_too():
    for tag in ("columns", "line"):
        text = drawn(f"{{% {tag} bars 'T' %}}", bars=[Bar("May", 1234)])
        assert "<td>1,234</td>" in text


def test_a_letter_keeps_its_language():
    with override("en"):
        text = drawn("{% letter office='O' signed_on=today %}{% endletter %}")
    assert 'lang="zh-hans"' in text
    assert "March" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pattern_page_draws_in_both_languages(language):
    with override(language):
        answer = patterns(RequestFactory().get("/patterns/"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in text
    assert " style=" not in text
    assert "<script>" not in text
    assert text.count("<h1>") == 1


def test_suggestions_are_options():
    answer = suggest(RequestFactory().get("/patterns/suggest/?q=信访"))
    assert answer.content.decode().count('role="option"') == 1

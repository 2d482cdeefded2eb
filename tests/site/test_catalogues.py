"""The catalogues: drawn out of code and templates, kept, compared, compiled."""

import gettext
from pathlib import Path

import pytest

from yiwang.site import catalogues

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
def words(n):
    _("Send")
    _("%(count)s left") % {"count": n}
    ngettext("%d case", "%d cases", n)
    pgettext("of a letter", "Number")
    _(n)
"""
TEMPLATE = (
    '{% load i18n %}{% translate "Receipt" %}'
    "{% blocktranslate with name=x trimmed %}Dear {{ name }},\n  good day{% endblocktranslate %}"
)
CHINESE = {
    "Send": "发送",
    "%(count)s left": "还剩 %(count)s",
    "%d case": "%d 件",
    "Number": "文号",
    "Receipt": "回执",
    "Dear %(name)s, good day": "%(name)s，您好",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A tiny tree with one floor and one app."""
    app = tmp_path / "kernel" / "mail"
    (app / "templates" / "mail").mkdir(parents=True)
    (tmp_path / "kernel" / "__init__.py").touch()
    (app / "__init__.py").write_text(CODE)
    (app / "templates" / "mail" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(source: Path, words: dict[str, str]) -> Path:
    """Fill the app's catalogue in, as a person would."""
    catalogues.main([], source=source)
    (app,) = catalogues.apps(source)
    lines = app.po.read_text().split("\n")
    message = ""
    for number, line in enumerate(lines):
        if line.startswith("msgid "):
            message = line.removeprefix('msgid "').removesuffix('"')
        elif line.startswith("msgstr") and message in words:
            lines[number] = f'{line.split(" ")[0]} "{words[message]}"'
    app.po.write_text("\n".join(lines))
    return app.po


def test_every_word_is_drawn_out_once_and_reported_until_translated(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert catalogues.main([], source=source) == 1
    faults = capsys.readouterr().err.splitlines()
    assert [fault.split(": ", 1)[1] for fault in faults] == [
        "untranslated: '%(count)s left'",
        "untranslated: '%d case'",
        "untranslated: 'Dear %(name)s, good day'",
        "untranslated: 'Number' (of a letter)",
        "untranslated: 'Receipt'",
        "untranslated: 'Send'",
    ]


def test_translations_are_kept_and_the_file_stays_as_it_is(source: Path) -> None:
    po = translate(source, CHINESE)
    assert catalogues.main([], source=source) == 0
    first = po.read_bytes()
    assert catalogues.main([], source=source) == 0
    assert po.read_bytes() == first
    assert catalogues.main(["--check"], source=source) == 0


def test_compiled_catalogue_speaks_chinese(source: Path) -> None:
    po = translate(source, CHINESE)
    assert catalogues.compile_stale(source) == 1
    with po.with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Send") == "发送"
    assert spoken.ngettext("%d case", "%d cases", 3) == "%d 件"
    assert spoken.pgettext("of a letter", "Number") == "文号"
    assert catalogues.compile_stale(source) == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("发送", ""), "untranslated: 'Send'"),
        (("还剩 %(count)s", "还剩"), "placeholders differ: '%(count)s left'"),
        (("还剩 %(count)s", "还剩 %(number)s"), "placeholders differ: '%(count)s left'"),
        (('msgid "Send"', 'msgid "Sent"'), "missing: 'Send'"),
        (('msgid "Send"', 'msgid "Sent"'), "no longer used: 'Sent'"),
        (('msgid "Send"', '#, fuzzy\nmsgid "Send"'), "fuzzy: 'Send'"),
        (('msgid "Send"\nmsgstr "发送"', '#~ msgid "Send"\n#~ msgstr "发送"'), "obsolete: 'Send'"),
    ],
)
def test_each_fault_is_found(
    source: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], fault: str
) -> None:
    po = translate(source, CHINESE)
    text = po.read_text()
    assert change[0] in text
    po.write_text(text.replace(*change))
    capsys.readouterr()
    assert catalogues.main(["--check"], source=source) == 1
    assert fault in [line.split(": ", 1)[1] for line in capsys.readouterr().err.splitlines()]


def test_word_that_went_away_leaves_the_catalogue(source: Path) -> None:
    po = translate(source, CHINESE)
    (source / "kernel/mail/templates/mail/page.html").write_text("")
    assert catalogues.main([], source=source) == 0
    assert "Receipt" not in po.read_text()


def test_broken_catalogue_is_one_sentence(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    po = translate(source, CHINESE)
    po.write_text(po.read_text() + "\nnonsense\n")
    assert catalogues.main(["--check"], source=source) == 1
    assert "can't be read" in capsys.readouterr().err


def test_two_modules_that_translate_the_same_words_differently_are_reported(source: Path) -> None:
    translate(source, CHINESE)
    other = source / "kernel" / "post"
    other.mkdir()
    (other / "__init__.py").write_text('_("Send")\n_("Stamp")\n')
    catalogues.main(["post"], source=source)
    first, second = catalogues.apps(source)
    second.po.write_text(
        second.po.read_text().replace('msgid "Send"\nmsgstr ""', 'msgid "Send"\nmsgstr "寄出"')
    )
    assert catalogues.disagreements([first, second]) == ["mail and post differ: 'Send'"]

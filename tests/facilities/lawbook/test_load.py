"""Loading statutes: versions with their days, nothing twice, and a reason for whatever isn't taken."""

import io
import tarfile
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.facilities.lawbook.builders import AMENDMENT, FIRST, NOW, SECOND, SHELF, a_lawbook, held
from yiwang.facilities.lawbook import queries
from yiwang.facilities.lawbook.actions import load, settle
from yiwang.facilities.lawbook.models import Load, Name, Passage, Version, Work
from yiwang.facilities.lawbook.rules.addresses import ArticleId
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.sources import NotReadable, opened

pytestmark = pytest.mark.django_db


def days(title: str) -> list[tuple[date, date | None]]:
    versions = Version.objects.filter(work__short_title=title).order_by("force_on")
    return [(version.in_force.lower, version.in_force.upper) for version in versions]


def test_two_texts_of_one_title_are_versions_of_one_work() -> None:
    a_lawbook()
    assert days("灯会法") == [
        (date(2001, 5, 1), date(2020, 10, 1)),
        (date(2020, 10, 1), None),
    ]


def test_a_version_begins_when_its_amending_act_says_so() -> None:
    a_lawbook()
    version = Version.objects.get(work__short_title="灯会法", passed_on=date(2020, 5, 6))
    assert (version.force_on, version.force_basis) == (date(2020, 10, 1), "amendment")


def test_without_the_act_the_day_is_only_assumed() -> None:
    a_lawbook({name: text for name, text in SHELF.items() if text != AMENDMENT})
    version = Version.objects.get(work__short_title="灯会法", passed_on=date(2020, 5, 6))
    assert (version.force_on, version.force_basis) == (date(2020, 5, 6), "assumed")


def test_a_work_ends_when_another_repeals_it() -> None:
    a_lawbook()
    ended = Work.objects.get(short_title="灯会暂行条例")
    assert (ended.repealed_on, ended.repealed_by and ended.repealed_by.short_title) == (
        date(2001, 5, 1),
        "灯会法",
    )
    assert days("灯会暂行条例") == [(date(1990, 2, 1), date(2001, 5, 1))]


def test_an_amendment_whose_text_is_missing_leaves_a_gap() -> None:
    third = SECOND.replace(
        "2020年5月6日", "2010年1月1日 《关于修改〈灯会法〉的决定》第一次修正\n\n2020年5月6日"
    )
    a_lawbook({"行政法/灯会法(2001-03-01).md": FIRST, "行政法/灯会法(2020-05-06).md": third})
    assert days("灯会法") == [(date(2001, 5, 1), date(2010, 1, 1)), (date(2020, 5, 6), None)]


def test_loading_again_writes_nothing() -> None:
    first = a_lawbook()
    before = list(Version.objects.order_by("pk").values()), list(Passage.objects.order_by("pk").values())
    again = a_lawbook()
    assert (first.new, again.new, again.changed, again.known) == (5, 0, 0, 5)
    assert not again.wrote
    assert (
        list(Version.objects.order_by("pk").values()),
        list(Passage.objects.order_by("pk").values()),
    ) == before
    assert Load.objects.count() == 1
    assert settle() == 0


def test_another_text_of_the_same_file_takes_its_place() -> None:
    a_lawbook()
    number = Version.objects.get(work__short_title="灯会条例").pk
    changed = SHELF["行政法规/灯会条例(2026-11-01).md"].replace("应当登记", "必须登记")
    again = a_lawbook({"行政法规/灯会条例(2026-11-01).md": changed})
    assert (again.new, again.changed) == (0, 1)
    version = Version.objects.get(work__short_title="灯会条例")
    assert version.pk == number
    passage = queries.article(version, ArticleId(Number(1)))
    assert passage is not None
    assert passage.text == "灯会必须登记。"


def test_another_text_from_elsewhere_is_refused_and_told() -> None:
    a_lawbook()
    again = a_lawbook(
        {"别处的灯会条例.md": SHELF["行政法规/灯会条例(2026-11-01).md"].replace("登记", "备案")}
    )
    assert [(one.reason, one.is_refused) for one in again.findings] == [("version_differs", True)]
    assert again.refused == 1
    assert Passage.objects.filter(text__contains="备案").count() == 0


def test_parts_of_a_code_become_one_version() -> None:
    head = "# 中华人民共和国灯典\n\n# {}\n\n2020年5月28日 通过\n\n{}<!-- INFO END -->\n\n{}\n"
    a_lawbook(
        {
            "灯典/附则.md": head.format("附则", "", "第五条 本法自2021年1月1日起施行。"),
            "灯典/总则.md": head.format("总则", "", "## 第一章 灯\n\n第一条 灯。\n\n第二条 火。"),
            "灯典/挂灯编.md": head.format("挂灯编", "2021年1月1日 施行\n\n", "第三条 挂。\n\n第四条 收。"),
        }
    )
    version = Version.objects.get()
    assert days("灯典") == [(date(2021, 1, 1), None)]
    assert [
        (passage.kind, passage.depth, passage.heading or passage.number) for passage in version.passages.all()
    ] == [
        ("part", 0, "总则"),
        ("chapter", 1, "灯"),
        ("article", 2, 1),
        ("article", 2, 2),
        ("part", 0, "挂灯编"),
        ("article", 1, 3),
        ("article", 1, 4),
        ("part", 0, "附则"),
        ("article", 1, 5),
    ]


def test_what_is_not_taken_is_told_with_its_reason() -> None:
    summary = a_lawbook(
        {
            "_index.md": "---\na: b\n---\n",
            "行政法/灯会法(2001-03-01).md": FIRST,
            "重复/灯会法(2001-03-01).md": FIRST,
            "行政法规/缺条.md": "# 缺条条例\n\n2020年1月1日 公布\n\n<!-- INFO END -->\n\n第一条 甲。\n\n第三条 丙。\n",
        }
    )
    assert [(one.name, one.reason, one.about, one.is_refused) for one in summary.findings] == [
        ("_index.md", "empty", "", True),
        ("行政法规/缺条.md", "article_missing", "第二条", False),
        ("重复/灯会法(2001-03-01).md", "version_twice", "中华人民共和国灯会法", True),
    ]
    assert (summary.read, summary.refused, summary.new) == (4, 2, 2)


def test_the_database_refuses_two_versions_on_one_day() -> None:
    a_lawbook()
    version = Version.objects.get(work__short_title="灯会法", passed_on=date(2001, 3, 1))
    version.in_force = DateRange(date(2001, 5, 1), date(2021, 1, 1))
    with pytest.raises(IntegrityError, match="version_one_in_force"), transaction.atomic():
        version.save()


def test_the_database_refuses_an_article_twice() -> None:
    a_lawbook()
    passage = Passage.objects.filter(kind="article")[0]
    passage.pk, passage.place = None, 999
    with pytest.raises(IntegrityError, match="passage_article_once"), transaction.atomic():
        passage.save()


def test_a_name_leads_to_one_work_in_any_spelling() -> None:
    a_lawbook()
    found = {
        queries.work_named(name) for name in ("灯会法", "中华人民共和国灯会法", "《灯会法》", " 灯 会 法 ")
    }
    assert [work and work.short_title for work in found] == ["灯会法"]
    assert queries.work_named("灯") is None
    assert Name.objects.count() == 4


def test_a_folder_and_archives_of_it_hold_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    for name, text in SHELF.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    zipped, tarred = tmp_path / "laws.zip", tmp_path / "laws.tar.gz"
    with zipfile.ZipFile(zipped, "w") as archive:
        for name, text in SHELF.items():
            archive.writestr(f"laws/{name}", text)
    with tarfile.open(tarred, "w:gz") as tar:
        for name, text in SHELF.items():
            data = text.encode()
            info = tarfile.TarInfo(f"laws/{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    seen = []
    for path in (folder, zipped, tarred):
        with opened(path) as (number, texts):
            summary = load(texts, source=path.name, at=NOW)
        seen.append((number, summary.new, summary.known))
    assert seen == [(5, 5, 0), (5, 0, 5), (5, 0, 5)]


def test_what_is_no_folder_of_laws_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable), opened(tmp_path):
        pass
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")
    with pytest.raises(NotReadable), opened(tmp_path / "a.bin"):
        pass


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\x00\x81\xff")
    (tmp_path / "b.md").write_bytes(FIRST.encode("gb18030"))
    with opened(tmp_path) as (_number, texts):
        summary = load(texts, source="x", at=NOW)
    assert [(one.name, one.reason) for one in summary.findings] == [("a.md", "not_text")]
    assert summary.new == 1


def test_held_texts_keep_the_day_of_their_names() -> None:
    assert [one.passed_on for one in held(SHELF)][:2] == [date(2001, 3, 1), date(2020, 5, 6)]

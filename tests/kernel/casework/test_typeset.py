"""Letters become sound, repeatable PDF files, whatever people wrote in them."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from pypdf import PdfReader

from tests.builders import NOON, County, a_county, a_petition, an_answered_petition
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework import typeset
from yiwang.kernel.casework.glyphs import coverage
from yiwang.kernel.casework.models import Letter
from yiwang.kernel.casework.typeset import (
    file_of,
    font_files,
    letter_response,
    pdf_of,
    receipt_pdf,
    set_letter,
)
from yiwang.kernel.files.models import Blob

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def a_content(**changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "title": "信访事项受理告知书",
        "to": "欧阳建华",
        "paragraphs": ["现予受理。"],
        "unit_name": "云川县水务局",
        "day": "2026-11-23",
    }
    return {**content, **changes}


def words(pdf: bytes) -> str:
    """The text of a PDF without blanks and line ends."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def set_up(**changes: Any) -> bytes:
    return set_letter(a_content(**changes), number="云水信受〔2026〕1号", at=AT)


def test_shows_every_part_in_its_order() -> None:
    pdf = set_up(
        sections=[
            {"heading": "事实", "paragraphs": ["甲。", "乙。"]},
            {"heading": "依据", "paragraphs": ["丙。"]},
        ],
        remedy="可以请求复查。",
        closing="特此告知。",
        attachments=["材料1份"],
        copy_to=["云川县信访局"],
    )
    assert words(pdf) == (
        "云川县水务局云水信受〔2026〕1号信访事项受理告知书欧阳建华：现予受理。一、事实甲。乙。二、依据丙。"
        "可以请求复查。特此告知。附件：材料1份云川县水务局2026年11月23日抄送：云川县信访局。"
    )


def test_is_the_same_every_time() -> None:
    typeset.press.cache_clear()
    first = set_up()
    typeset.press.cache_clear()
    assert set_up() == first


def test_is_an_archival_pdf_with_its_fonts_inside() -> None:
    reader = PdfReader(BytesIO(set_up()))
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("2", "B")
    assert reader.metadata is not None
    assert reader.metadata.title == "信访事项受理告知书"
    assert reader.metadata.creation_date == AT


@pytest.mark.parametrize(
    "text",
    [
        '#eval("1+1") #import "x.typ" $ x^2 $ *b* _i_ `c` \\u{41} // /* <a> @b ~ -- [#] #{',
        "</script> \" ' & {{ x }} %s {0}",
        "= 标题",
        '#read("/etc/passwd")',
    ],
)
def test_takes_markup_for_text(text: str) -> None:
    assert re.sub(r"\s", "", text) in words(set_up(paragraphs=[text]))


@pytest.mark.parametrize(
    ("name", "shown", "codes"),
    [
        (
            "ئابدۇراخمان",
            "□",
            ["U+0626", "U+0627", "U+0628", "U+062F", "U+06C7", "U+0631", "U+062E", "U+0645", "U+0646"],
        ),
        ("བསྟན་འཛིན", "□", ["U+0F56", "U+0F66", "U+0F9F", "U+0F53", "U+0F0B", "U+0F60", "U+0F5B", "U+0F72"]),
        ("ᠪᠠᠲᠤ", "□", ["U+182A", "U+1820", "U+1832", "U+1824"]),
        ("𠮷𠮷田", "□□田", ["U+20BB7"]),
        ("㛃䶮喆堃", "㛃䶮喆堃", []),
        ("阿布都·热合曼", "阿布都·热合曼", []),
        ("王\u200b\x07\ud800明", "王明", []),
    ],
)
def test_a_name_that_no_font_has_becomes_a_box_and_a_note(
    name: str, shown: str, codes: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    text = words(set_up(to=name))
    note = (
        f"注：文中“□”处的字字库中没有，不能印出，以登记材料为准。所缺：{'，'.join(codes)}。" if codes else ""
    )
    assert f"{shown}：现予受理。" in text
    assert text.endswith(f"2026年11月23日{note}")
    assert [record.getMessage() for record in caplog.records] == (
        [f"letter 云水信受〔2026〕1号: no font has {' '.join(codes)}"] if codes else []
    )


def test_a_very_long_word_stays_on_the_paper() -> None:
    pdf = set_up(paragraphs=["https://example.org/" + "a" * 2000])
    lines = PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()
    assert max(len(line) for line in lines) <= 72


def test_a_long_letter_is_numbered_from_its_second_page() -> None:
    reader = PdfReader(BytesIO(set_up(paragraphs=["经现场查看，主水管接头老化。" * 60] * 2)))
    numbers = [re.findall(r"— ?(\d+) ?—", page.extract_text()) for page in reader.pages]
    assert numbers == [[], ["2"], ["3"], ["4"]]


def test_a_long_name_of_a_unit_stays_on_one_line() -> None:
    name = "云川县农业农村和乡村振兴水利移民综合事务服务中心（云川县水利移民局）"
    assert words(set_up(unit_name=name)).startswith(name)


def test_reads_fonts_without_being_told_their_kind() -> None:
    known = coverage(font_files())
    assert [character in known for character in "永□〔ئ𠮷"] == [True, True, True, False, False]


def test_a_file_that_is_no_font_adds_nothing(tmp_path: Any) -> None:
    for name, content in (("a.ttf", b""), ("b.otf", b"OTTO\x00\x05" + b"\xff" * 40), ("c.ttf", b"x" * 5000)):
        (tmp_path / name).write_bytes(content)
    assert "永" not in coverage(sorted(tmp_path.iterdir()))


# --- kept and served --------------------------------------------------------------------------------------


@pytest.fixture
def county(db: None) -> County:
    return a_county()


def test_a_letter_is_set_once_and_then_read(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    case = an_answered_petition(county)
    with county.asking_as("water.clerk"):
        letter = Letter.objects.get(case=case, kind="answer")
        first = pdf_of(letter)
        assert len(letter.file_digest) == 64
        monkeypatch.setattr(typeset, "set_letter", None)
        assert pdf_of(Letter.objects.get(pk=letter.pk)) == first
        assert Blob.objects.filter(digest=letter.file_digest).count() == 1


def test_every_letter_of_a_petition_can_be_set(county: County) -> None:
    case = an_answered_petition(county)
    with acting_as_system():
        letters = list(Letter.objects.filter(case=case))
        assert [letter.kind for letter in letters] == [
            "receipt",
            "transfer",
            "transfer",
            "acceptance",
            "answer",
        ]
        for letter in letters:
            assert letter.content["unit_name"] in words(pdf_of(letter))


def test_nothing_else_of_a_letter_can_be_changed(county: County) -> None:
    case = a_petition(county).case
    with acting_as_system():
        letter = Letter.objects.get(case=case)
        file_of(letter)
        for change in ({"content": {}}, {"file_digest": "0" * 64}, {"number": "x"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Letter.objects.filter(pk=letter.pk).update(**change)


def served(letter: Letter, **headers: str) -> HttpResponseBase:
    return letter_response(RequestFactory().get("/", headers=headers), letter)


def test_is_served_whole_and_in_part(county: County) -> None:
    case = a_petition(county).case
    with acting_as_system():
        letter = Letter.objects.get(case=case)
        whole, part = served(letter), served(letter, range="bytes=0-7")
        assert (whole.status_code, whole["Content-Type"]) == (200, "application/pdf")
        assert whole["Content-Disposition"].startswith("inline")
        assert (part.status_code, part["Content-Length"]) == (206, "8")
        assert b"".join(part) == b"%PDF-1.7"  # type: ignore[arg-type]
        assert b"".join(whole) == pdf_of(letter)  # type: ignore[arg-type]


def test_the_receipt_on_paper_bears_code_address_and_terms(county: County) -> None:
    registered = a_petition(county)
    address = "https://petitions.example/r/ABCD"
    with acting_as_system():
        text = words(receipt_pdf(registered.case, registered.receipt_code, address=address))
        assert registered.receipt_code in text
        assert address in text
        assert "2026年12月8日前（含当日）《信访工作条例》第二十二条第一款" in text
        stored = json.dumps(Letter.objects.get(case=registered.case).content)
        assert registered.receipt_code not in stored


def test_the_day_is_the_day_in_china(county: County) -> None:
    late = NOON.replace(hour=16, minute=30) + timedelta(days=0)
    case = a_petition(county, at=late).case
    with acting_as_system():
        assert Letter.objects.get(case=case).content["day"] == "2026-11-24"

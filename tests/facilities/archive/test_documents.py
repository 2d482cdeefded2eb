"""A document in the archive: 正本, 定稿, slip, signatures in the order of DA/T 22-2015, handed over and taken in whole."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from pypdf import PdfReader

from tests.builders import NOON, County, a_county
from tests.facilities.archive.test_package import TABLES, contents, written
from tests.facilities.office.builders import (
    a_draft,
    a_released_document,
    a_signed_document,
    do,
    fresh,
    received,
    take,
)
from yiwang.facilities.archive import actions as archive
from yiwang.facilities.archive import package, queries
from yiwang.facilities.archive.composing import compose_case
from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.rules import ROLES
from yiwang.facilities.office import actions
from yiwang.facilities.office.layout.signing import check
from yiwang.facilities.office.layout.verifying import verify
from yiwang.facilities.office.models import DocumentVersion, Handling
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.queries import content

pytestmark = pytest.mark.django_db


def pdf_words(pdf: bytes) -> str:
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def fonds(county: County) -> Fonds:
    return archive.found_fonds(county.unit("water"), number="J007", by=SYSTEM, at=NOON)


def archived(county: County, handling: Handling, who: str) -> FileUnit:
    """The file unit of a handling that was archived."""
    take(county, who, "archive", handling)
    with acting_as_system():
        found = compose_case(handling.case_id or 0, at=NOON)
    assert found is not None
    return found


def parts(found: FileUnit) -> dict[str, bytes]:
    """The bytes of each part by its role, in order; of a role that is there twice the first."""
    made: dict[str, bytes] = {}
    with acting_as_system():
        for part in found.parts.all():
            made.setdefault(part.role, content(Blob.objects.get(digest=part.digest)))
    return made


def test_what_was_sent_is_kept_with_the_text_that_was_signed_its_slip_and_signatures(
    county: County, fonds: Fonds
) -> None:
    out = a_released_document(county, "chengguan")
    found = archived(county, out, "water.clerk")
    got = parts(found)
    assert list(got) == [
        "original",
        "rendition",
        "original_signature",
        "final",
        "text_signature",
        "issue_slip",
        "certificate",
    ]
    with acting_as_system():
        final, released = DocumentVersion.objects.filter(document_id=out.document_id).order_by("place")
        for role, version in (("original", released), ("final", final)):
            assert got[role] == content(Blob.objects.get(digest=version.content["file"]))
    assert check(got["original"], got["original_signature"]).is_good
    assert check(got["final"], got["text_signature"]).is_good
    assert got["rendition"].startswith(b"PK")
    document = fresh(out).document
    assert (found.title, found.document_number, found.author) == (
        document.title,
        document.number,
        county.unit("water").name,
    )
    assert found.dated_on == document.written_on
    assert found.metadata["not_kept"] == []


def test_the_slip_tells_who_signed_what_was_said_and_each_step(county: County, fonds: Fonds) -> None:
    handling = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, handling, note="请尽快审核")
    asked = do(county, "water.head", actions.ask_countersign, handling, unit_ids=[county.unit("housing").pk])
    with county.asking_as("housing.head") as by:
        actions.countersign(asked[0].pk, answer="with_changes", text="第二条改为周五前。", by=by, at=NOON)
    take(county, "water.clerk", "withdraw", handling, reasons="另行发文")
    got = parts(archived(county, handling, "water.clerk"))
    assert list(got) == ["earlier", "issue_slip"]
    words = pdf_words(got["issue_slip"])
    for said in ("发文稿纸", "请尽快审核", "第二条改为周五前。", "另行发文", county.unit("housing").name):
        assert said in words, said


def test_what_came_in_has_its_slip_before_it_and_the_answer_before_both(county: County) -> None:
    archive.found_fonds(county.unit("chengguan"), number="J030", by=SYSTEM, at=NOON)
    came = received(county, a_released_document(county, "chengguan"), "chengguan")
    do(county, "chengguan.clerk", actions.sign_for, came)
    do(county, "chengguan.clerk", actions.enter_receipt, came)
    take(county, "chengguan.clerk", "examine", came)
    head, clerk = county.accounts["chengguan.head"].pk, county.accounts["chengguan.clerk"].pk
    do(county, "chengguan.clerk", actions.circulate, came, account_ids=[head])
    with county.asking_as("chengguan.head") as by:
        mine = [one.pk for one in Handling.objects.get(pk=came.pk).readings.all()]
        actions.mark_read(mine, text="请抓紧办理。", is_instruction=True, by=by, at=NOON)
    do(county, "chengguan.head", actions.assign, came, account_id=clerk)
    do(county, "chengguan.clerk", actions.answer, came, text="已全部完成。")
    take(county, "chengguan.clerk", "conclude", came)
    found = archived(county, came, "chengguan.clerk")
    got = parts(found)
    assert list(got) == ["letter", "receipt_slip", "original", "original_signature"]
    assert "请抓紧办理。" in pdf_words(got["receipt_slip"])
    assert "请抓紧办理" not in str(found.metadata)
    assert found.author == county.unit("water").name


def test_a_text_signed_before_a_change_is_kept_as_well(county: County, fonds: Fonds) -> None:
    handling = a_signed_document(county, "chengguan")
    take(county, "water.clerk", "reopen", handling, reasons="数字有误")
    take(county, "water.clerk", "withdraw", handling, reasons="不再发文")
    got = parts(archived(county, handling, "water.clerk"))
    assert list(got) == ["earlier", "text_signature", "issue_slip", "certificate"]


def test_it_is_handed_over_checked_and_taken_in_without_a_difference(
    county: County, fonds: Fonds, tmp_path: Path, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    found = archived(county, a_released_document(county, "chengguan"), "water.clerk")
    with acting_as_system():
        archive.classify(found.pk, category="WS", year=2026, period="Y", section="BGS", by=SYSTEM, at=NOON)
        archive.number(fonds, by=SYSTEM, at=NOON)
        assert all(check.is_sound for check in queries.four_checks(fonds, reads_bytes=True))
    first = written(fonds, tmp_path / "first")
    verdict = package.verify(first)
    assert (verdict.is_sound, verdict.units) == (True, 1)
    facts = json.loads(next(first.glob("units/*/metadata.json")).read_text())
    roles = [part["role"] for part in facts["parts"]]
    assert roles == sorted(roles, key=ROLES.index)
    released = next(part for part in facts["parts"] if part["role"] == "original")
    pdf = (first / "bytes" / released["blake3"][:2] / released["blake3"]).read_bytes()
    assert verify(pdf).is_sound
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        cursor.execute("SET LOCAL session_replication_role = origin")
    with acting_as_system():
        assert package.load(first, unit=fonds.unit, at=NOON + timedelta(days=1)) == (1, 0)
        again = written(Fonds.objects.get(), tmp_path / "again")
    assert contents(again) == contents(first)

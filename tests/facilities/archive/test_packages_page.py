"""The list of transfer packages: made and checked in the background, faults and gaps named, handed over once."""

import re
import zipfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.architecture.world import BACKEND
from tests.builders import NOON, County, a_county
from tests.facilities.archive.test_archive import numbered
from yiwang.facilities.archive import actions, package, queries
from yiwang.facilities.archive import actions_packages as packages
from yiwang.facilities.archive.faults import NothingNumbered, NotNow, NotSound, NotYours, OneInTheMaking
from yiwang.facilities.archive.models import FileUnit, Fonds, Package
from yiwang.facilities.archive.queries import for_package
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.files.storage import storage

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def fonds(county: County) -> Fonds:
    """A fonds with two numbered file units."""
    found = actions.found_fonds(county.unit("office"), number="J001", by=SYSTEM, at=NOON)
    numbered(county, found)
    numbered(county, found, at=NOON - timedelta(days=80), title="路灯不亮")
    return found


def browser(county: County, who: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(county.accounts[who], backend=BACKEND)
    client.cookies["django_language"] = language
    return client


def asked(county: County, fonds: Fonds, **changes: object) -> Package:
    with county.asking_as("office.clerk") as by:
        fields = {"year": 2026, "period": "", **changes}
        return packages.ask_package(fonds, by=by, at=NOON, **fields)  # type: ignore[arg-type]


def made(county: County, fonds: Fonds) -> Package:
    found = asked(county, fonds)
    with acting_as_system():
        packages.work_on(found.pk, at=NOON)
        return Package.objects.select_related("fonds").get(pk=found.pk)


def words_of(client: Client, name: str, *args: object) -> str:
    text = client.get(reverse(name, args=args)).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_a_package_is_made_checked_listed_and_taken_along(
    county: County, fonds: Fonds, tmp_path: Path
) -> None:
    clerk = browser(county, "office.clerk")
    sent = clerk.post(reverse("archive:packages"), {"year": "2026", "period": ""})
    with acting_as_system():
        found = Package.objects.get()
    assert sent["Location"] == reverse("archive:package", args=[found.pk])
    assert "being made" in words_of(clerk, "archive:packages")
    with acting_as_system():
        packages.work_on(found.pk, at=NOON)
        packages.work_on(found.pk, at=NOON)  # a job that comes twice does nothing more
    listed = words_of(clerk, "archive:packages")
    for said in ("2 file units", "sound", "not handed over", found.name):
        assert said in listed, said
    shown = words_of(clerk, "archive:package", found.pk)
    assert shown.count("Sound") == 4
    assert "路灯不亮" in shown
    answer = clerk.get(reverse("archive:package_file", args=[found.pk]))
    data = b"".join(answer)  # type: ignore[arg-type]
    (tmp_path / "taken.zip").write_bytes(data)
    assert package.verify(tmp_path / "taken.zip").units == 2
    assert package.verify(tmp_path / "taken.zip").is_sound
    assert "manifest.json" in zipfile.ZipFile(BytesIO(data)).namelist()


def test_damage_in_the_store_is_named_and_nothing_faulty_is_handed_over(county: County, fonds: Fonds) -> None:
    found = made(county, fonds)
    path = storage().path(found.digest)
    kept = path.read_bytes()
    spoilt = bytearray(kept)
    at = kept.index(b"%PDF-")
    spoilt[at] ^= 1
    try:
        path.write_bytes(spoilt)
        with county.asking_as("office.clerk") as by:
            packages.check_again(found.pk, by=by, at=NOON)
            with pytest.raises(NotNow):
                packages.check_again(found.pk, by=by, at=NOON)
        with acting_as_system():
            packages.work_on(found.pk, at=NOON)
    finally:
        path.write_bytes(kept)
    with county.asking_as("office.clerk") as by, pytest.raises(NotSound):
        packages.hand_over(found.pk, received_by="县档案馆", received_on=NOON.date(), by=by, at=NOON)
    shown = words_of(browser(county, "office.clerk", "zh-hans"), "archive:package", found.pk)
    assert "已被改动" in shown or "无法读取" in shown
    assert "登记移交" not in shown


def test_a_file_missing_in_the_store_stops_the_package_with_its_name(county: County, fonds: Fonds) -> None:
    with acting_as_system():
        digest = for_package(fonds)[0].parts.all()[0].digest
    path = storage().path(digest)
    kept = path.read_bytes()
    try:
        path.unlink()
        found = made(county, fonds)
    finally:
        path.write_bytes(kept)
    assert (found.made_at, found.failed_at) == (None, NOON)
    shown = words_of(browser(county, "office.clerk"), "archive:package", found.pk)
    assert f"The file {digest[:12]} is missing in the store" in shown
    assert made(county, fonds).made_at == NOON  # the next one is


def test_what_was_missing_when_it_was_composed_is_named(county: County, fonds: Fonds) -> None:
    with acting_as_system():
        one = FileUnit.objects.order_by("pk")[0]
        one.metadata["not_kept"] = ["现场照片.png"]
        one.save()
    found = made(county, fonds)
    clerk = browser(county, "office.clerk")
    assert "sound, 1 file lacking" in words_of(clerk, "archive:packages")
    assert "现场照片.png" in words_of(clerk, "archive:package", found.pk)


def test_what_got_its_number_later_is_told(county: County, fonds: Fonds) -> None:
    found = made(county, fonds)
    clerk = browser(county, "office.clerk")
    assert "isn't in it" not in words_of(clerk, "archive:package", found.pk)
    later = numbered(county, fonds, at=NOON - timedelta(days=90), title="井盖缺失")
    with acting_as_system():
        FileUnit.objects.filter(pk=later.pk).update(numbered_at=NOON + timedelta(days=1))
    assert "1 file unit of this year and period got its number later" in words_of(
        clerk, "archive:package", found.pk
    )


def test_the_hand_over_is_written_down_once_and_stays(county: County, fonds: Fonds) -> None:
    old = numbered(county, fonds, at=NOON - timedelta(days=70), title="接待日安排", period="Y")
    with acting_as_system():
        FileUnit.objects.filter(pk=old.pk).update(dated_on=date(2016, 5, 1))
    assert [row.pk for row, _day in due(county, fonds)] == [old.pk]
    found = made(county, fonds)
    clerk = browser(county, "office.clerk")
    address = reverse("archive:package", args=[found.pk])
    fields = {"act": "hand_over", "received_by": "云川县档案馆 冯立", "received_on": "2026-11-23"}
    assert clerk.post(address, {**fields, "received_by": ""}).status_code == 422
    assert clerk.post(address, {**fields, "receipt_number": "云档接〔2026〕3号"}).status_code == 303
    assert clerk.post(address, fields, follow=True).status_code == 200
    shown = words_of(clerk, "archive:package", found.pk)
    assert "云档接〔2026〕3号" in shown
    assert "handed over" in words_of(clerk, "archive:packages")
    with acting_as_system(), pytest.raises(DatabaseError, match="hand-over"), transaction.atomic():
        Package.objects.filter(pk=found.pk).update(received_by="别人")
    with acting_as_system(), pytest.raises(DatabaseError, match="stays in the list"), transaction.atomic():
        Package.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    assert due(county, fonds) == []


def due(county: County, fonds: Fonds) -> list[tuple[FileUnit, date]]:
    with county.asking_as("office.clerk") as by:
        return queries.due_for_transfer(by, fonds, on=timezone.localdate(NOON))


def test_one_at_a_time_something_in_it_and_only_by_who_keeps_it(county: County, fonds: Fonds) -> None:
    with pytest.raises(NothingNumbered):
        asked(county, fonds, year=1999)
    with county.asking_as("water.clerk") as by, pytest.raises(NotYours):
        packages.ask_package(fonds, year=2026, period="", by=by, at=NOON)
    found = asked(county, fonds)
    with pytest.raises(OneInTheMaking):
        asked(county, fonds)
    assert browser(county, "water.clerk").get(reverse("archive:package", args=[found.pk])).status_code == 404
    with county.asking_as("water.clerk"):
        assert not Package.objects.exists()


def test_whoever_is_kept_away_from_a_matter_doesn_t_take_the_package(county: County, fonds: Fonds) -> None:
    found = made(county, fonds)
    with acting_as_system():
        FileUnit.objects.filter(title="路灯不亮").update(
            excluded_accounts=[county.accounts["office.clerk"].pk]
        )
    clerk = browser(county, "office.clerk")
    assert clerk.get(reverse("archive:package_file", args=[found.pk])).status_code == 404
    shown = words_of(clerk, "archive:package", found.pk)
    assert "路灯不亮" not in shown
    assert "You are kept away from a matter" in shown
    answer = browser(county, "office.head").get(reverse("archive:package_file", args=[found.pk]))
    assert answer.status_code == 200
    assert b"".join(answer)  # type: ignore[arg-type]

"""信访工作条例 30: an accusation and all that belongs to it stays hidden from the person or unit it accuses.

Held twice: by the policy, and by PostgreSQL's row policies under the application role.
"""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.builders import County, a_petition, a_post, an_account, moved
from tests.law.matters import letter, on, row
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.queries import forget_standings, standing_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import FileData, PartyData
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Letter, Party
from yiwang.kernel.casework.policies import may_see, visible
from yiwang.kernel.casework.queries import findable
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.files.actions import store
from yiwang.kernel.orgs.actions import found_unit, merge_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.search.queries import count, find

ACCUSER = "司马青衫"
TABLES = (
    "casework_case",
    "casework_journalentry",
    "casework_letter",
    "casework_party",
    "casework_attachment",
)


@pytest.fixture
def accused(county: County) -> Case:
    """The office's clerk and the whole water bureau stand accused; the inspection has the matter in hand."""
    file = FileData(
        store(BytesIO("账目。".encode()), filename="a.txt", at=on("2026-03-02"), limit_bytes=1000), "账目.txt"
    )
    case = a_petition(
        county,
        at=on("2026-03-02"),
        purpose="accusation",
        title="水务局收取好处费",
        text="水务局在招标中收取好处费，办公室人员知情。",
        parties=(PartyData(name=ACCUSER, phone="13900000000"),),
        accused_unit_ids=(county.unit("water").pk,),
        accused_account_ids=(county.accounts["office.clerk"].pk,),
        files=(file,),
    ).case
    moved(
        case,
        "forward",
        by=county.standing("office.head"),
        at=on("2026-03-03"),
        unit_id=county.unit("inspection").pk,
    )
    return case


def seen_by(standing: Standing) -> dict[str, int]:
    """How many rows each table shows to a raw query of the application role, without any policy in Python."""
    with acting_as(standing), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("yiwang_app",)
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - names from above
            found[table] = cursor.fetchone()[0]
    return found


def hidden(standing: Standing, case: Case) -> None:
    """Not by the policy, not in a list or count, not by search, not by a raw query."""
    assert not may_see(standing, row(case))
    assert seen_by(standing) == dict.fromkeys(TABLES, 0)
    with acting_as(standing):
        assert Case.objects.filter(visible(standing)).count() == 0
        for model in (Case, JournalEntry, Letter, Party, Attachment):
            assert model.objects.count() == 0
        for word in ("水务局", "好处费", ACCUSER, case.number):
            assert find(word, kind="case", predicate=findable(standing)) == []
            assert count(word, kind="case", predicate=findable(standing)).number == 0


def test_whoever_handles_it_sees_it_whole(accused: Case, county: County) -> None:
    standing = county.standing("inspection.clerk")
    assert seen_by(standing) == {
        "casework_case": 1,
        "casework_journalentry": 2,
        "casework_letter": 2,
        "casework_party": 3,
        "casework_attachment": 1,
    }
    with acting_as(standing):
        assert [hit.object_id for hit in find("好处费", kind="case", predicate=findable(standing))] == [
            accused.pk
        ]


@pytest.mark.parametrize("who", ["office.clerk", "water.clerk", "water.head"])
def test_the_accused_see_nothing_of_it(accused: Case, county: County, who: str) -> None:
    hidden(county.standing(who), accused)


def test_the_petition_office_of_the_accused_clerk_still_does(accused: Case, county: County) -> None:
    assert may_see(county.standing("office.head"), row(accused))


def test_a_part_of_the_accused_unit_sees_nothing_even_where_it_helps_out(
    accused: Case, county: County
) -> None:
    section = found_unit(
        code="section1",
        name="供水科",
        kind=UnitKind.SECTION,
        valid_from_on=date(2000, 1, 1),
        parent=county.unit("water"),
    )
    helper = an_account("借调人员")
    a_post(helper, section, "clerk")
    a_post(helper, county.unit("inspection"), "clerk")
    hidden(standing_of(helper.pk), accused)


def test_a_leader_who_also_heads_the_accused_unit_sees_nothing(accused: Case, county: County) -> None:
    leader = county.accounts["county.leader"]
    assert may_see(county.standing("county.leader"), row(accused))
    a_post(leader, county.unit("water"), "head")
    hidden(standing_of(leader.pk), accused)


def test_it_is_never_sent_to_the_accused_unit_or_a_part_of_it(accused: Case, county: County) -> None:
    section = found_unit(
        code="section2",
        name="排水科",
        kind=UnitKind.SECTION,
        valid_from_on=date(2000, 1, 1),
        parent=county.unit("water"),
    )
    for unit in (county.unit("water"), section):
        with pytest.raises(BadData) as told:
            moved(
                accused,
                "forward",
                by=county.standing("inspection.clerk"),
                at=on("2026-03-04"),
                unit_id=unit.pk,
            )
        assert "art. 30" in told.value.faults["unit_id"].message


def test_a_merger_opens_nothing_to_the_accused(accused: Case, county: County) -> None:
    merge_unit(county.unit("water"), into=county.unit("housing"), on=date(2026, 4, 1), by_account_id=None)
    forget_standings()
    hidden(standing_of(county.accounts["water.clerk"].pk, on=date(2026, 4, 2)), accused)
    with pytest.raises(BadData):
        moved(
            accused,
            "forward",
            by=county.standing("inspection.clerk"),
            at=on("2026-04-02"),
            unit_id=county.unit("housing").pk,
        )


def answers(county: County, case: Case, who: str) -> list[int]:
    """What the addresses of a case, its letters and its files say to somebody who is signed in."""
    client = Client()
    client.force_login(county.accounts[who], backend="yiwang.kernel.people.backends.AccountBackend")
    with acting_as_system():
        letters = list(Letter.objects.filter(case=case).values_list("pk", flat=True))
        files = list(Attachment.objects.filter(case=case).values_list("pk", flat=True))
    addresses = [
        reverse("casework:case", args=[case.pk]),
        *(reverse("casework:letter", args=[case.pk, pk]) for pk in letters),
        *(reverse("casework:letter_pdf", args=[case.pk, pk]) for pk in letters),
        *(reverse("casework:file", args=[case.pk, pk]) for pk in files),
    ]
    found = []
    for address in addresses:
        response = client.get(address)
        found.append(response.status_code)
        b"".join(response)
    return found


@pytest.mark.parametrize("who", ["office.clerk", "water.clerk", "water.head"])
def test_no_address_tells_them_that_it_exists(accused: Case, county: County, who: str) -> None:
    assert answers(county, accused, who) == [404] * 6


def test_the_same_addresses_answer_to_whoever_handles_it(accused: Case, county: County) -> None:
    assert answers(county, accused, "inspection.clerk") == [200] * 6


def test_no_letter_names_the_accuser(accused: Case, county: County) -> None:
    moved(accused, "accept", by=county.standing("inspection.clerk"), at=on("2026-03-04"))
    with acting_as_system():
        contents = [str(each.content) for each in Letter.objects.filter(case=accused)]
    assert len(contents) == 3
    assert all(ACCUSER not in content for content in contents)
    assert "不得将检举、揭发材料" in "".join(letter(accused, "transfer").content["paragraphs"])


def test_a_claim_about_the_same_unit_stays_open_to_its_own_handlers(county: County) -> None:
    case = a_petition(county, at=on("2026-03-02")).case
    moved(
        case,
        "forward",
        by=county.standing("office.clerk"),
        at=on("2026-03-03"),
        unit_id=county.unit("water").pk,
    )
    assert seen_by(county.standing("water.clerk"))["casework_case"] == 1

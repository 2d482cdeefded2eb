"""信访工作条例 19: what is told by word of mouth is recorded faithfully, with name, address, request and reasons."""

from tests.builders import County, a_petition
from tests.law.matters import letter, on, row
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.actions import PartyData
from yiwang.kernel.casework.models import JournalEntry, Party

TOLD = "  我家在北街。\n水管漏了半个月，没有人来修——请派人来修！\t谢谢。"


def test_keeps_what_was_said_word_for_word(county: County) -> None:
    case = a_petition(county, by=county.standing("office.clerk"), channel="phone", text=TOLD).case
    assert row(case).text == TOLD.strip()


def test_keeps_who_said_it_where_they_live_and_who_wrote_it_down(county: County) -> None:
    caller = PartyData(name="欧阳建华", phone="13900000000", address="云川县城关镇北街1号")
    clerk = county.standing("office.clerk")
    case = a_petition(county, by=clerk, channel="phone", parties=(caller,)).case
    with acting_as_system():
        party = Party.objects.get(case=case)
        entry = JournalEntry.objects.get(case=case)
    assert (party.name, party.phone, party.address) == (caller.name, caller.phone, caller.address)
    assert (entry.verb, entry.account_id) == ("register", clerk.account_id)


def test_the_term_runs_from_the_call_not_from_the_entry(county: County) -> None:
    clerk = county.standing("office.clerk")
    case = a_petition(
        county, by=clerk, channel="phone", at=on("2026-03-04"), received_at=on("2026-03-02")
    ).case
    assert (case.received_on.isoformat(), case.registered_at) == ("2026-03-02", on("2026-03-04"))
    assert "您于2026年3月2日通过电话提出" in letter(case, "receipt").content["paragraphs"][0]


def test_somebody_who_gives_no_name_is_recorded_too(county: County) -> None:
    case = a_petition(county, channel="phone", parties=(PartyData(is_anonymous=True),)).case
    assert letter(case, "receipt").content["to"] == "信访人"

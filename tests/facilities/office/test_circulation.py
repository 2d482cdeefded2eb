"""Going around: in order, at once, freely; nobody forgotten, nothing overwritten, always an answer to where it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.builders import NOON, County, a_county, a_post, an_account
from tests.facilities.office.builders import (
    HOUR,
    a_document_in_hand,
    a_document_to_sign,
    do,
    state,
    take,
    text_of,
)
from yiwang.facilities.office import actions, queries
from yiwang.facilities.office.faults import NotThese, OfficeFault
from yiwang.facilities.office.models import Handling, Opinion, Reading, Signature
from yiwang.facilities.office.secrecy import mark_in
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.queries import forget_standings
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted, StalePage
from yiwang.kernel.casework.rules.progress import NotAllowedNow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def county() -> County:
    return a_county()


def people(county: County, *names: str) -> list[int]:
    return [county.accounts[name].pk for name in names]


def read(county: County, who: str, *, text: str = "", **more: object) -> list[Reading]:
    with county.asking_as(who) as standing:
        mine = list(Reading.objects.filter(account_id__in=standing.account_ids).values_list("pk", flat=True))
        return actions.mark_read(mine, text=text, by=standing, at=NOON + 2 * HOUR, **more)  # type: ignore[arg-type]


def test_in_a_sequence_the_next_gets_it_when_the_one_before_has_read_it(county: County) -> None:
    back = a_document_in_hand(county)
    readers = people(county, "chengguan.head", "county.leader", "heping.head")
    do(county, "chengguan.clerk", actions.circulate, back, account_ids=readers, mode="sequential")
    with county.asking_as("heping.head"):
        assert not Handling.objects.filter(pk=back.pk).exists()
    read(county, "chengguan.head", text="请县领导阅示。")
    read(county, "county.leader", text="请和平乡办理。", is_instruction=True)
    with county.asking_as("heping.head"):
        assert Handling.objects.filter(pk=back.pk).exists()
        assert list(Opinion.objects.values_list("kind", "text")) == [
            ("comment", "请县领导阅示。"),
            ("instruction", "请和平乡办理。"),
        ]


def test_who_has_not_read_is_known_live(county: County) -> None:
    back = a_document_in_hand(county)
    do(
        county,
        "chengguan.clerk",
        actions.circulate,
        back,
        account_ids=people(county, "chengguan.head", "heping.head"),
    )
    read(county, "heping.head")
    with county.asking_as("chengguan.clerk"):
        left = [one.account_id for one in queries.papers_of(back).readings if one.read_at is None]
    assert left == people(county, "chengguan.head")


def test_somebody_forgotten_gets_it_later_and_the_report_says_so(county: County) -> None:
    back = a_document_in_hand(county)
    circulation = do(
        county, "chengguan.clerk", actions.circulate, back, account_ids=people(county, "chengguan.head")
    )
    with county.asking_as("chengguan.clerk") as standing:
        actions.add_readers(circulation.pk, people(county, "heping.head"), by=standing, at=NOON + HOUR)
        units = [county.unit("chengguan").pk]
        report = queries.astray(standing, units, since=NOON.date(), at=NOON + 4 * DAY)
    assert [one.account_id for one in report.forgotten] == people(county, "heping.head")
    assert len(report.delayed) == 2


def test_several_are_taken_back_with_the_reason_and_no_longer_see_it(county: County) -> None:
    back = a_document_in_hand(county)
    wrong = people(county, "heping.head", "housing.head")
    do(
        county,
        "chengguan.clerk",
        actions.circulate,
        back,
        account_ids=[*wrong, *people(county, "chengguan.head")],
    )
    with county.asking_as("chengguan.clerk") as standing:
        rows = Reading.objects.filter(account_id__in=wrong).values_list("pk", flat=True)
        gone = actions.cancel_readings(rows, reason="发错对象", by=standing, at=NOON + HOUR)
        report = queries.astray(standing, [county.unit("chengguan").pk], since=NOON.date(), at=NOON + HOUR)
    assert len(gone) == 2
    assert [one.cancel_reason for one in report.mistaken] == ["发错对象", "发错对象"]
    with county.asking_as("heping.head"):
        assert not Handling.objects.filter(pk=back.pk).exists()


def test_nothing_goes_into_the_archive_by_hand_while_somebody_has_not_read_it(county: County) -> None:
    back = a_document_in_hand(county)
    readers = people(county, "chengguan.head", "heping.head")
    do(county, "chengguan.clerk", actions.circulate, back, account_ids=readers)
    take(county, "chengguan.clerk", "share", back)
    take(county, "chengguan.clerk", "conclude", back)
    read(county, "chengguan.head")
    with pytest.raises(GuardFailed, match="has not read it yet"):
        take(county, "chengguan.clerk", "archive", back)
    with county.asking_as("chengguan.clerk") as standing:
        rows = Reading.objects.filter(read_at=None).values_list("pk", flat=True)
        actions.cancel_readings(rows, reason="已离岗", by=standing, at=NOON + 3 * HOUR)
    take(county, "chengguan.clerk", "archive", back, at=NOON + 4 * HOUR)
    assert state(back) == "archived"


def test_in_a_free_circulation_a_reader_passes_it_on(county: County) -> None:
    back = a_document_in_hand(county)
    circulation = do(
        county,
        "chengguan.clerk",
        actions.circulate,
        back,
        account_ids=people(county, "heping.head"),
        mode="free",
    )
    with county.asking_as("heping.head") as standing:
        actions.add_readers(circulation.pk, people(county, "housing.head"), by=standing, at=NOON)
    with county.asking_as("housing.head"):
        assert Reading.objects.get(account_id=people(county, "housing.head")[0]).passed_on_by is not None
    with county.asking_as("housing.clerk") as standing, pytest.raises(Handling.DoesNotExist):
        actions.add_readers(circulation.pk, people(county, "water.head"), by=standing, at=NOON)


def test_opinions_and_marks_can_t_be_overwritten(
    county: County, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    back = a_document_in_hand(county)
    do(county, "chengguan.clerk", actions.circulate, back, account_ids=people(county, "chengguan.head"))
    read(county, "chengguan.head", text="同意。")
    with as_owner():
        for sql in (
            "UPDATE office_opinion SET text = '不同意。'",
            "DELETE FROM office_opinion",
            "TRUNCATE office_opinion",
            "UPDATE office_reading SET read_at = now()",
            "UPDATE office_documentversion SET digest = repeat('0', 64)",
            "DELETE FROM office_signature",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_whoever_is_kept_away_is_not_sent_it_and_loses_sight_of_it(county: County) -> None:
    back = a_document_in_hand(county)
    take(
        county,
        "chengguan.clerk",
        "recuse",
        back,
        account_id=people(county, "chengguan.head")[0],
        reasons="亲属",
    )
    with pytest.raises(NotThese):
        do(county, "chengguan.clerk", actions.circulate, back, account_ids=people(county, "chengguan.head"))
    with county.asking_as("chengguan.head"):
        assert not Handling.objects.filter(pk=back.pk).exists()


def test_one_act_hands_everything_over_and_the_deputy_acts_in_the_other_s_name(county: County) -> None:
    out = a_document_to_sign(county, "chengguan")
    back = a_document_in_hand(county, unit="heping")
    do(county, "heping.clerk", actions.circulate, back, account_ids=people(county, "water.head"))
    head = county.accounts["water.head"]
    deputy = county.accounts["deputy"] = an_account("代理人")
    a_post(deputy, county.unit("housing"), "head")
    with county.asking_as("water.head") as standing:
        actions.hand_over(
            deputy.pk,
            from_on=NOON.date(),
            until_on=NOON.date() + 300 * DAY,
            reason="出差",
            by=standing,
            at=NOON,
        )
    forget_standings()
    do(county, "deputy", actions.sign, out, digest=text_of(out).digest)
    assert [one.account_id for one in read(county, "deputy")] == [head.pk]
    with acting_as_system():
        assert Signature.objects.get(document_id=out.document_id).principal_id == head.pk
        assert Opinion.objects.get(handling=back).principal_id == head.pk


def test_a_batch_is_signed_with_one_confirmation_each_checked_by_itself(county: County) -> None:
    good, other = (
        a_document_to_sign(county, "chengguan"),
        a_document_to_sign(county, "heping", title="第二件"),
    )
    own = a_document_to_sign(county, "heping", unit="housing", title="别的单位")
    with county.asking_as("water.head") as standing:
        wanted = [
            (good.pk, text_of(good).digest),
            (other.pk, "0" * 64),
            (own.pk, text_of(own).digest),
            (10**9, ""),
        ]
        outcomes = actions.sign_batch(wanted, by=standing, at=NOON)
    assert [bool(one.trouble) for one in outcomes] == [False, True, True, True]
    assert [state(one) for one in (good, other, own)] == ["signed", "to_sign", "to_sign"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_signs() -> None:
    county = a_county()
    out = a_document_to_sign(county, "chengguan")
    county.accounts["water.second"] = an_account("副局长")
    a_post(county.accounts["water.second"], county.unit("water"), "head")
    digest, standings = text_of(out).digest, [county.standing(who) for who in ("water.head", "water.second")]

    def sign(place: int) -> str:
        try:
            with acting_as(standings[place]):
                actions.sign(out.pk, digest=digest, by=standings[place], at=NOON)
        except (NotAllowedNow, GuardFailed, StalePage, NotPermitted, OfficeFault):
            return "too late"
        finally:
            connections.close_all()
        return "signed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, range(2))) == ["signed", "too late"]
    with acting_as_system():
        assert Signature.objects.filter(document_id=out.document_id).count() == 1


def test_marks_of_secrecy_are_told_from_words_about_them() -> None:
    said = ["机密★5年", "绝密 ★ 长期", "密级：秘密", "秘密\n正文"]
    assert [bool(mark_in(text)) for text in said] == [True, True, True, True]
    plain = ["保守国家秘密法", "商业秘密保护", "请做好保密工作", "关于机密文件管理的通知", ""]
    assert [mark_in(text) for text in plain] == ["", "", "", "", ""]

"""What programs send: read with care, refused with a sentence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.channels.open311.offers import Attribute, Datatype, Refused, Submission
from yiwang.kernel.channels.open311.rules import (
    DEEPEST_ROW,
    MOST_ROWS,
    Span,
    fingerprint,
    full_name,
    ids_in,
    is_open_in,
    page_in,
    rounded,
    span_in,
    submission_in,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HERE = {"lat": ["36.1"], "long": ["117.6"]}
FIELDS = (
    Attribute("COLOUR", Datatype.SINGLE, "颜色", values=(("r", "红"), ("g", "绿"))),
    Attribute("DAYS", Datatype.MULTI, "哪几天", values=(("1", "周一"), ("2", "周二"))),
    Attribute("HEIGHT", Datatype.NUMBER, "高度"),
    Attribute("SINCE", Datatype.DATETIME, "何时起"),
    Attribute("NOTE", Datatype.TEXT, "说明"),
    Attribute("POLE", Datatype.STRING, "杆号"),
)


def test_a_whole_request_is_read() -> None:
    sent = {
        "lat": ["36.1"],
        "long": ["117.6"],
        "address_string": ["  幸福路 1 号\n"],
        "description": ["水管漏水\r\n路面结冰\x00"],
        "first_name": ["建华"],
        "last_name": ["欧阳"],
        "email": ["a@example.org"],
        "phone": ["139"],
        "media_url": ["https://example.org/1.jpg"],
        "attribute[COLOUR]": ["r"],
        "attribute[DAYS][]": ["1", "2"],
        "attribute[fixmystreet_id]": ["77"],
    }
    assert submission_in(sent, attributes=FIELDS) == Submission(
        description="水管漏水\n路面结冰",
        lat=36.1,
        long=117.6,
        address="幸福路 1 号",
        name="欧阳建华",
        email="a@example.org",
        phone="139",
        media_url="https://example.org/1.jpg",
        attributes={"COLOUR": ("r",), "DAYS": ("1", "2")},
    )


@pytest.mark.parametrize("place", [HERE, {"address_string": ["桥头"]}, {"address_id": ["B-17"]}])
def test_one_way_of_saying_where_is_enough(place: dict[str, list[str]]) -> None:
    assert submission_in(place, attributes=()).description == ""


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Say where it is: lat and long, address_string or address_id."),
        (
            {"lat": [""], "address_string": [" "]},
            "Say where it is: lat and long, address_string or address_id.",
        ),
        ({"lat": ["36.1"]}, "lat and long are sent together."),
        ({"lat": ["here"], "long": ["117"]}, "lat isn't a position in degrees (WGS84)."),
        ({"lat": ["nan"], "long": ["117"]}, "lat isn't a position in degrees (WGS84)."),
        ({"lat": ["36"], "long": ["inf"]}, "long isn't a position in degrees (WGS84)."),
        ({"lat": ["91"], "long": ["117"]}, "lat isn't a position in degrees (WGS84)."),
        ({**HERE, "description": ["水" * 4001]}, "description is longer than 4000 characters."),
        ({**HERE, "phone": ["1" * 201]}, "phone is longer than 200 characters."),
        (
            {**HERE, "media_url": ["javascript:alert(1)"]},
            "media_url isn't an address that begins with http:// or https://.",
        ),
        (
            {**HERE, "media_url": ["http://[::1"]},
            "media_url isn't an address that begins with http:// or https://.",
        ),
        (
            {**HERE, "media_url": ["http://user:word@example.org/"]},
            "media_url isn't an address that begins with http:// or https://.",
        ),
        (
            {**HERE, "attribute[COLOUR]": ["blue"]},
            "attribute[COLOUR] isn't a value of the type singlevaluelist.",
        ),
        (
            {**HERE, "attribute[DAYS][]": ["1", "9"]},
            "attribute[DAYS] isn't a value of the type multivaluelist.",
        ),
        ({**HERE, "attribute[HEIGHT]": ["1e9"]}, "attribute[HEIGHT] isn't a value of the type number."),
        ({**HERE, "attribute[SINCE]": ["yesterday"]}, "attribute[SINCE] isn't a value of the type datetime."),
        ({**HERE, "attribute[NOTE]": ["字" * 4001]}, "attribute[NOTE] is longer than 4000 characters."),
        ({**HERE, "attribute[POLE]": ["字" * 201]}, "attribute[POLE] is longer than 200 characters."),
        ({**HERE, **{f"attribute[X{n}]": ["1"] for n in range(51)}}, "More than 50 attributes were sent."),
    ],
)
def test_what_is_wrong_is_said(sent: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        submission_in(sent, attributes=FIELDS)
    assert (caught.value.status, str(caught.value)) == (400, sentence)


def test_a_needed_field_is_asked_for_and_a_mere_notice_isn_t() -> None:
    needed = Attribute("POLE", Datatype.STRING, "杆号", is_required=True)
    notice = Attribute("NOTICE", Datatype.STRING, "请远离", is_required=True, is_variable=False)
    with pytest.raises(Refused, match=r"attribute\[POLE\] is needed"):
        submission_in(HERE, attributes=(needed, notice))
    sent = {**HERE, "attribute[POLE]": ["7"]}
    assert submission_in(sent, attributes=(needed, notice)).attributes == {"POLE": ("7",)}


@given(
    st.dictionaries(
        st.sampled_from(["lat", "long", "description", "media_url", "attribute[SINCE]", "attribute[HEIGHT]"]),
        st.lists(st.text(max_size=60), max_size=3),
    )
)
def test_whatever_is_sent_is_read_or_refused(sent: dict[str, list[str]]) -> None:
    try:
        found = submission_in({**sent, "address_id": ["1"]}, attributes=FIELDS).address_id
    except Refused as refusal:
        found = str(refusal.status)
    assert found in ("1", "400")


def test_names_are_written_as_they_are_spoken() -> None:
    assert [
        full_name("建华", "欧阳"),
        full_name("John", "Smith"),
        full_name("", "王"),
        full_name("", ""),
    ] == [
        "欧阳建华",
        "John Smith",
        "王",
        "",
    ]


def test_a_public_position_is_rounded_to_a_hundred_metres() -> None:
    assert [rounded(36.123456), rounded(-0.0004), rounded(None)] == [36.123, -0.0, None]


def test_the_span_is_the_last_ninety_days_when_nothing_is_said() -> None:
    assert span_in({}, now=NOW) == Span(NOW - timedelta(days=90), NOW)


def test_one_end_of_the_span_is_enough() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    assert span_in({"start_date": ["2026-03-01T08:00:00+08:00"]}, now=NOW) == Span(
        day, day + timedelta(days=90)
    )
    assert span_in({"end_date": ["2026-03-01T00:00:00Z"]}, now=NOW) == Span(day - timedelta(days=90), day)


def test_a_plus_that_became_a_blank_is_one_again() -> None:
    assert span_in({"end_date": ["2026-03-01T08:00:00 08:00"]}, now=NOW).until == datetime(
        2026, 3, 1, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"start_date": ["2026-01-01T00:00:00Z"], "end_date": ["2026-06-01T00:00:00Z"]},
        {"start_date": ["2026-06-01T00:00:00Z"], "end_date": ["2026-01-01T00:00:00Z"]},
        {"start_date": ["2026-01-01"]},
        {"start_date": ["2026-01-01T00:00:00"]},
        {"end_date": ["0001-01-01T00:00:00+14:00"]},
        {"end_date": ["9999-12-31T23:59:59-12:00"]},
        {"start_date": ["heute"]},
    ],
)
def test_a_span_that_can_t_be_is_refused(sent: dict[str, list[str]]) -> None:
    with pytest.raises(Refused) as caught:
        span_in(sent, now=NOW)
    assert caught.value.status == 400


def test_pages_are_counted_from_one() -> None:
    assert page_in({}) == (0, MOST_ROWS)
    assert page_in({"page": ["3"], "page_size": ["50"]}) == (100, 50)


@pytest.mark.parametrize(
    "sent",
    [
        {"page": ["0"]},
        {"page": ["-1"]},
        {"page": ["１"]},
        {"page": ["99999999999999999999"]},
        {"page_size": ["1001"]},
        {"page_size": ["many"]},
        {"page": [str(DEEPEST_ROW)], "page_size": ["1000"]},
    ],
)
def test_a_huge_or_senseless_page_is_refused(sent: dict[str, list[str]]) -> None:
    with pytest.raises(Refused) as caught:
        page_in(sent)
    assert caught.value.status == 400


def test_lists_come_with_commas_or_several_times() -> None:
    assert ids_in({"service_request_id": ["1, 2", "x,3"]}) == [1, 2, 3]
    assert ids_in({"service_request_id": ["x"]}) == []
    assert ids_in({"service_request_id": [""]}) is None
    assert [is_open_in({"status": [words]}) for words in ("", "open", "closed", "open,closed")] == [
        None,
        True,
        False,
        None,
    ]
    with pytest.raises(Refused):
        is_open_in({"status": ["OPEN;--"]})


def test_the_same_words_of_the_same_sender_are_the_same_request() -> None:
    first = fingerprint({"a": ["1"], "b": ["2"], "api_key": ["x"]}, key_id=1)
    assert first == fingerprint({"b": ["2"], "a": ["1"], "api_key": ["x"]}, key_id=1)
    assert first != fingerprint({"a": ["1"], "b": ["2"]}, key_id=2)
    assert first != fingerprint({"a": ["1", "b"], "b": ["2"]}, key_id=1)

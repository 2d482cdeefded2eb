"""A-law and µ-law: known values of ITU-T G.711, translations, sums, tones."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.hotline.voice.g711 import (
    ALAW,
    FRAME,
    PCMA,
    PCMU,
    QUIET_FRAME,
    SILENCE,
    ULAW,
    added,
    encoded,
    from_alaw,
    share_of,
    to_alaw,
    tone,
)

SOUND = st.binary(min_size=1, max_size=FRAME)


def test_known_values_of_the_standard() -> None:
    assert [ALAW[byte] for byte in (0xD5, 0x55, 0x80, 0x00, 0xAA, 0x2A)] == [
        8,
        -8,
        5504,
        -5504,
        32256,
        -32256,
    ]
    assert [ULAW[byte] for byte in (0xFF, 0x7F, 0x80, 0x00)] == [0, 0, 32124, -32124]


def test_every_level_is_encoded_as_itself() -> None:
    assert encoded([level / 32767 for level in ALAW]) == bytes(range(256))


@given(SOUND)
def test_a_law_through_mu_law_stays_the_nearest_level(sound: bytes) -> None:
    back = to_alaw(from_alaw(sound, payload_type=PCMU), payload_type=PCMU)
    # Both laws have about the same steps: nothing moves by more than a sixteenth of itself, or one small step.
    assert all(
        abs(ALAW[one] - ALAW[other]) <= abs(ALAW[one]) / 16 + 16
        for one, other in zip(sound, back, strict=True)
    )


@given(SOUND)
def test_a_law_stays_untouched(sound: bytes) -> None:
    assert to_alaw(sound, payload_type=PCMA) is sound
    assert from_alaw(sound, payload_type=PCMA) is sound


@given(SOUND, SOUND)
def test_a_sum_is_the_nearest_level_and_its_order_doesn_t_matter(one: bytes, other: bytes) -> None:
    both = added(one, other)
    assert both == added(other, one)
    assert len(both) == max(len(one), len(other))
    for first, second, found in zip(one, other, both, strict=False):
        wanted = max(-32768, min(32767, ALAW[first] + ALAW[second]))
        nearest = min(abs(level - wanted) for level in ALAW)
        assert abs(ALAW[found] - wanted) == nearest


def test_silence_added_changes_no_more_than_a_step() -> None:
    steps = sorted(ALAW)
    widest = {
        level: max(right - left for left, right in pairwise(steps) if abs(left) <= abs(level) + 8)
        for level in steps
    }
    for byte in range(256):
        found = added(bytes([byte]), bytes([SILENCE]))[0]
        assert abs(ALAW[found] - ALAW[byte]) <= widest[ALAW[byte]]


def test_two_tones_added_are_both_there() -> None:
    both = added(tone(440, seconds=1, loudness=0.3), tone(1000, seconds=1, loudness=0.3))
    assert [round(share_of(hertz, both), 1) for hertz in (440, 1000, 700)] == [0.5, 0.5, 0.0]


def test_a_tone_is_found_and_silence_has_none() -> None:
    assert share_of(440, tone(440, seconds=1)) > 0.999
    assert share_of(441, QUIET_FRAME * 50) == 0.0

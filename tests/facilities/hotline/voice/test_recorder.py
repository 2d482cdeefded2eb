"""Recordings: two sides in their places in time, a head that other programs read, and what a killed process left."""

from pathlib import Path

import pytest

from yiwang.facilities.hotline.voice import g711
from yiwang.facilities.hotline.voice.recorder import (
    HEADER,
    Recorder,
    header,
    key_of,
    left_behind,
    path_for,
    sides,
)
from yiwang.kernel.files.rules import media_type_of

FRAME = b"\x01" * 160
OTHER = b"\x02" * 160


def recorded(path: Path, *, left: list[float], right: list[float], until: float) -> tuple[bytes, bytes]:
    """Frames at these instants on each side."""
    recorder = Recorder(path, now=100.0)
    for at, side in sorted([(at, 0) for at in left] + [(at, 1) for at in right]):
        if side == 0:
            recorder.left(FRAME, now=100.0 + at)
        else:
            recorder.right(OTHER, now=100.0 + at)
    return sides(recorder.finish(now=100.0 + until).read_bytes())


def test_the_head_says_a_law_stereo_and_the_length(tmp_path) -> None:
    data = header(8000)
    assert (len(data), data[:4], data[8:16]) == (HEADER, b"RIFF", b"WAVEfmt ")
    assert int.from_bytes(data[20:22], "little") == 6
    assert int.from_bytes(data[22:24], "little") == 2
    assert int.from_bytes(data[24:28], "little") == 8000
    assert int.from_bytes(data[4:8], "little") == HEADER - 8 + 16000
    path = tmp_path / "head.wav"
    path.write_bytes(data)
    with path.open("rb") as file:
        assert media_type_of(file) == "audio/wav"


def test_each_side_is_where_it_was_spoken(tmp_path) -> None:
    left, right = recorded(tmp_path / "a.wav", left=[0.0, 0.02], right=[1.0], until=2.0)
    assert len(left) == len(right) == 16000
    assert left[:320] == FRAME * 2
    assert set(left[320:]) == {g711.SILENCE}
    assert right[8000:8160] == OTHER
    assert set(right[:8000] + right[8160:]) == {g711.SILENCE}


def test_unsteady_packets_stand_one_after_another(tmp_path) -> None:
    left, _ = recorded(tmp_path / "a.wav", left=[0.0, 0.035, 0.041, 0.06], right=[], until=0.5)
    assert left[:640] == FRAME * 4


def test_a_long_call_is_written_on_the_way_and_whole(tmp_path) -> None:
    path = tmp_path / "a.wav"
    recorder = Recorder(path, now=0.0)
    for number in range(500):
        recorder.left(FRAME, now=number * 0.02)
        recorder.right(OTHER, now=number * 0.02 + 0.005)
    assert recorder.seconds > 8
    left, right = sides(recorder.finish(now=10.0).read_bytes())
    assert (left, right[160:]) == (FRAME * 500, (OTHER * 500)[:-160])


def test_two_voices_on_one_side_are_added(tmp_path) -> None:
    path = tmp_path / "a.wav"
    recorder = Recorder(path, now=0.0)
    one, other = g711.tone(440, seconds=0.02), g711.tone(1000, seconds=0.02)
    recorder.right(one, now=0.0)
    recorder._at[1] = 0
    recorder.right(other, now=0.0)
    _, right = sides(recorder.finish(now=0.02).read_bytes())
    assert right == g711.added(one, other)


def test_what_a_killed_process_left_is_made_whole(tmp_path) -> None:
    recorder = Recorder(path_for(tmp_path, "a/b@c"), now=0.0)
    for number in range(200):
        recorder.left(FRAME, now=number * 0.02)
    recorder._file.flush()
    Recorder(path_for(tmp_path, "empty"), now=0.0)._file.close()
    recorder._file.close()
    ((key, path, seconds),) = left_behind(tmp_path)
    left, _ = sides(path.read_bytes())
    assert (key, len(left)) == ("a/b@c", round(seconds * 8000))
    assert set(left) == {1}
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("key", ["x@10.0.0.1", "../../etc", "号"])
def test_any_key_makes_a_name(tmp_path, key) -> None:
    path = path_for(tmp_path, key)
    assert (path.parent, key_of(path)) == (tmp_path, key)

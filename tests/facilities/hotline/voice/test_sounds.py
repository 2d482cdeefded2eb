"""What callers hear: the files are those of the manifest, small, and played one after another."""

import hashlib

from yiwang.facilities.hotline.voice import g711, sounds
from yiwang.facilities.hotline.voice.sounds import Player


def test_the_files_are_those_of_the_manifest_and_small() -> None:
    files = {path.stem: path.read_bytes() for path in sounds.PROMPTS.glob("*.alaw")}
    told = {name: each["sha256"] for name, each in sounds.manifest().items()}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == told
    assert sum(map(len, files.values())) < 400_000


def test_every_sound_that_is_played_is_there() -> None:
    names = {sounds.MUSIC, sounds.RECORDED, sounds.QUEUED, sounds.LEFT_ALONE}
    names |= {f"ahead-{place - 1}" for place in range(2, sounds.SPOKEN_PLACES + 1)}
    assert names == set(sounds.manifest())


def test_the_announcement_says_that_the_call_is_recorded() -> None:
    assert "录音" in sounds.manifest()[sounds.RECORDED]["text"]


def test_places_are_spoken_as_far_as_there_are_words() -> None:
    assert [sounds.place_in_queue(place) for place in (1, 2, 10, 11)] == [
        sounds.sound("queued"),
        sounds.sound("ahead-1"),
        sounds.sound("ahead-9"),
        sounds.sound("queued"),
    ]


def test_an_office_is_heard_with_its_own(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sounds, "installation", lambda: type("Here", (), {"data": tmp_path}))
    (tmp_path / "voice").mkdir()
    (tmp_path / "voice" / "queued.alaw").write_bytes(b"\x01" * 160)
    sounds.sound.cache_clear()
    assert (sounds.sound("queued"), len(sounds.sound("music"))) == (b"\x01" * 160, 96000)
    sounds.sound.cache_clear()


def test_sounds_follow_one_another_and_the_last_goes_on() -> None:
    player = Player([b"\x01" * 200], b"\x02" * 320)
    frames = [player.frame() for _ in range(4)]
    assert frames == [
        b"\x01" * 160,
        b"\x01" * 40 + bytes([g711.SILENCE]) * 120,
        b"\x02" * 160,
        b"\x02" * 160,
    ]
    player.say(b"\x03" * 160)
    assert [player.frame() for _ in range(2)] == [b"\x03" * 160, b"\x02" * 160]
    assert not player.is_over


def test_a_player_without_music_comes_to_its_end() -> None:
    player = Player([b"\x01" * 160])
    assert (player.is_over, player.frame(), player.is_over) == (False, b"\x01" * 160, True)
    assert player.frame() == g711.QUIET_FRAME

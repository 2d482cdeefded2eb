"""Makes what callers hear while they wait: announcements by espeak-ng's Mandarin voice, and quiet music.

    .venv/bin/python scripts/prompts.py

Writes A-law files and a manifest into the hotline's `voice/prompts`. Without espeak-ng the spoken files stay as they
are. Needs numpy (among the development requirements).
"""

import hashlib
import json
import shutil
import subprocess
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yiwang.facilities.hotline.voice.g711 import RATE, encoded

FOLDER = Path(__file__).resolve().parents[1] / "src/yiwang/facilities/hotline/voice/prompts"
NUMBERS = "零一二三四五六七八九"
SPOKEN = {
    "recorded": "您好，本次通话将被录音。",
    "queued": "话务员正忙，请稍候。",
    "left-alone": "请稍候，正在为您重新接通。",
    **{f"ahead-{number}": f"您前面还有{NUMBERS[number]}位。" for number in range(1, 10)},
}
CHORDS = [(220.0, 277.18, 329.63), (196.0, 246.94, 293.66), (174.61, 220.0, 261.63), (196.0, 246.94, 329.63)]

Samples = NDArray[np.float64]


def spoken(text: str) -> bytes:
    """A sentence as A-law, without the silence at its ends."""
    made = subprocess.run(
        ["espeak-ng", "-v", "cmn", "-s", "230", "--stdout", text], check=True, stdout=subprocess.PIPE
    ).stdout
    with wave.open(BytesIO(made)) as file:
        rate = file.getframerate()
        # A stream's head doesn't know its length.
        raw = file.readframes(1 << 24)
    samples = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.float64) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    samples = samples[max(0, loud[0] - 400) : loud[-1] + 400]
    return encoded(list(0.7 * _at_telephone_rate(samples, rate) / np.abs(samples).max()))


def _at_telephone_rate(samples: Samples, rate: int) -> Samples:
    """Resample to 8000 Hz behind a low-pass at 3400 Hz."""
    reach = np.arange(-60, 61)
    cutoff = 2 * 3400 / rate
    kernel = np.sinc(cutoff * reach) * np.hamming(len(reach)) * cutoff
    smooth = np.convolve(samples, kernel, mode="same")
    places = np.arange(0, len(smooth) - 1, rate / RATE)
    return np.interp(places, np.arange(len(smooth)), smooth)


def music() -> bytes:
    """Twelve seconds of four quiet chords that flow into one another and into their beginning."""
    seconds = 3
    whole = np.zeros(len(CHORDS) * seconds * RATE)
    time = np.arange(2 * seconds * RATE) / RATE
    swell = np.sin(np.pi * time / time[-1]) ** 2
    for number, chord in enumerate(CHORDS):
        tones = [np.sin(2 * np.pi * hertz * time) + 0.3 * np.sin(4 * np.pi * hertz * time) for hertz in chord]
        sound = swell * np.sum(tones, axis=0) / 3
        places = (np.arange(len(sound)) + number * seconds * RATE) % len(whole)
        np.add.at(whole, places, sound)
    return encoded(list(0.18 * whole))


def main() -> None:
    """Make what can be made."""
    FOLDER.mkdir(exist_ok=True)
    texts = {"music": "four chords, made by scripts/prompts.py"}
    (FOLDER / "music.alaw").write_bytes(music())
    for name, text in SPOKEN.items():
        texts[name] = text
        if shutil.which("espeak-ng"):
            (FOLDER / f"{name}.alaw").write_bytes(spoken(text))
    told = {
        name: {"text": text, "sha256": hashlib.sha256((FOLDER / f"{name}.alaw").read_bytes()).hexdigest()}
        for name, text in sorted(texts.items())
    }
    (FOLDER / "manifest.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()

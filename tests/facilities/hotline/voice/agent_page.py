"""A real browser with a tone for a voice, and an ear for what its page plays."""

import math
import os
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS

BARE = """
// A steady tone is noise to a browser that suppresses noise.
var listen = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = function () {
  return listen({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
};
window.listening = function () {
  var audio = document.querySelector("audio");
  if (!audio || !audio.srcObject) { return null; }
  if (!window.ear || window.ear.source !== audio.srcObject) {
    var context = new AudioContext(), analyser = context.createAnalyser();
    analyser.fftSize = 16384;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(audio.srcObject).connect(analyser);
    window.ear = { source: audio.srcObject, analyser: analyser, rate: context.sampleRate };
  }
  return window.ear;
};
window.levelsHeard = function () {
  var ear = window.listening();
  if (!ear) { return null; }
  var levels = new Float32Array(ear.analyser.frequencyBinCount);
  ear.analyser.getFloatFrequencyData(levels);
  return levels;
};
window.loudest = function () {
  var levels = window.levelsHeard(), best = 0;
  if (!levels) { return { hertz: 0, level: -200 }; }
  levels.forEach(function (level, at) { if (level > levels[best]) { best = at; } });
  return { hertz: best * window.ear.rate / window.ear.analyser.fftSize, level: levels[best] };
};
window.levelAt = function (hertz) {
  var levels = window.levelsHeard(), place, best = -200;
  if (!levels) { return best; }
  place = Math.round(hertz * window.ear.analyser.fftSize / window.ear.rate);
  for (var at = place - 2; at <= place + 2; at += 1) { best = Math.max(best, levels[at]); }
  return best;
};
"""


def write_tone(path: Path, *, hertz: float) -> None:
    """A tone as the microphone's sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        step = 2 * math.pi * hertz / 48000
        samples = (round(16000 * math.sin(step * number)) for number in range(48000 * 10))
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))


@asynccontextmanager
async def a_browser(folder: Path, *, hertz: float) -> AsyncIterator[Page]:
    """A browser whose microphone hears a tone."""
    path = next((path for path in CHROMIUM if os.path.exists(path)), None)
    if path is None:
        pytest.skip("Chromium is missing; run: apt-get install chromium fonts-noto-cjk")
    write_tone(folder / "tone.wav", hertz=hertz)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=path,
            args=[
                *CHROMIUM_ARGUMENTS,
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={folder / 'tone.wav'}",
                "--autoplay-policy=no-user-gesture-required",
                "--allow-loopback-in-peer-connection",
            ],
        )
        page = await chromium.new_page(locale="zh-CN")
        await page.add_init_script(BARE)
        yield page
        await chromium.close()


async def hears(page: Page, hertz: float) -> bool:
    """Whether a tone is the loudest that the page's audio plays."""
    found = await page.evaluate("loudest()")
    return bool(abs(found["hertz"] - hertz) < 5 and found["level"] > -60)


async def hears_among(page: Page, *hertz: float) -> bool:
    """Whether each of some tones is clearly in what the page's audio plays."""
    levels = [await page.evaluate("levelAt", each) for each in hertz]
    return bool(min(levels) > -60)

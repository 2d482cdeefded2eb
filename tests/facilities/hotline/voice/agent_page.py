"""A bare page with the console's voice script, served for a real browser; and that browser, with a tone for a voice."""

import functools
import math
import os
import threading
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS

SCRIPT = Path(__file__).resolve().parents[4] / "src/yiwang/facilities/hotline/static/hotline/voice.js"
PAGE = """<!doctype html><meta charset="utf-8"><title>agent</title><audio autoplay></audio>
<script src="voice.js"></script><script>
var asked = new URLSearchParams(location.search), states = [], analyser = null;
var audio = document.querySelector("audio");
var phone = yiwangVoice({
  address: "http://127.0.0.1:" + asked.get("port"),
  ticket: function () { return Promise.resolve(asked.get("ticket")); },
  audio: audio,
  sound: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  told: function (state) { states.push(state); }
});
function loudest() {
  if (!audio.srcObject) { return { hertz: 0, level: -200 }; }
  if (!analyser) {
    var context = new AudioContext();
    analyser = context.createAnalyser();
    analyser.fftSize = 16384;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(audio.srcObject).connect(analyser);
    analyser.context_ = context;
  }
  var levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  var best = 0;
  levels.forEach(function (level, at) { if (level > levels[best]) { best = at; } });
  return { hertz: best * analyser.context_.sampleRate / analyser.fftSize, level: levels[best] };
}
</script>"""


def write_tone(path: Path, *, hertz: float) -> None:
    """A tone as the microphone's sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        step = 2 * math.pi * hertz / 48000
        samples = (round(16000 * math.sin(step * number)) for number in range(48000 * 10))
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The page's address."""
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "voice.js").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@asynccontextmanager
async def agent_page(folder: Path, *, hertz: float, port: int, ticket: str) -> AsyncIterator[Page]:
    """A browser whose microphone hears a tone, connected to the voice process."""
    path = next((path for path in CHROMIUM if os.path.exists(path)), None)
    if path is None:
        pytest.skip("Chromium is missing; run: apt-get install chromium fonts-noto-cjk")
    write_tone(folder / "tone.wav", hertz=hertz)
    with served(folder) as address:
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
            page = await chromium.new_page()
            await page.goto(f"{address}?port={port}&ticket={ticket}")
            await page.wait_for_function("states.indexOf('up') >= 0", timeout=15000)
            yield page
            await chromium.close()

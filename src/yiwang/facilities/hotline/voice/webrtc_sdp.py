"""The session descriptions spoken with browsers: one audio line, G.711, keys agreed by DTLS (RFC 8829, 5763)."""

import secrets
from dataclasses import dataclass, field

from yiwang.facilities.hotline.voice.g711 import PCMA, PCMU

_NAMES = {PCMA: "PCMA", PCMU: "PCMU"}


class Unacceptable(Exception):
    """A description that isn't one audio line of G.711 with DTLS and ICE."""


@dataclass(frozen=True)
class Description:
    """What one end says of itself."""

    user: str
    password: str
    fingerprint: str
    """SHA-256 of its certificate: pairs of upper-case digits with colons."""
    setup: str
    """Who begins the handshake: `actpass` (you choose), `active` (I do), `passive` (you do)."""
    codecs: tuple[int, ...]
    mid: str = "0"
    candidates: tuple[str, ...] = field(default=())
    """ICE candidates, each as after `a=candidate:`."""


def read(text: str) -> Description:
    """Read an offer or an answer. Raises `Unacceptable`."""
    session, *media = _sections(text)
    audio = next((lines for lines in media if lines[0].startswith("m=audio ")), None)
    if audio is None or len(media) != 1:
        raise Unacceptable("one audio line was expected")
    first = audio[0].split()
    if not first[2].endswith("RTP/SAVPF"):
        raise Unacceptable("encrypted audio was expected")
    offered = [int(word) for word in first[3:] if word.isdecimal()]
    codecs = tuple(known for known in (PCMA, PCMU) if known in offered)
    if not codecs:
        raise Unacceptable("G.711 was expected")
    values = _values(session) | _values(audio)
    algorithm, _, digest = values.get("fingerprint", "").partition(" ")
    if algorithm.lower() != "sha-256" or not digest:
        raise Unacceptable("a SHA-256 fingerprint was expected")
    if not values.get("ice-ufrag") or not values.get("ice-pwd"):
        raise Unacceptable("ICE was expected")
    if "rtcp-mux" not in values:
        raise Unacceptable("rtcp-mux was expected")
    return Description(
        user=values["ice-ufrag"],
        password=values["ice-pwd"],
        fingerprint=digest.strip().upper(),
        setup=values.get("setup", "actpass"),
        codecs=codecs,
        mid=values.get("mid", "0"),
        candidates=tuple(
            line.removeprefix("a=candidate:") for line in audio if line.startswith("a=candidate:")
        ),
    )


def written(description: Description, *, ssrc: int) -> str:
    """The text of an offer or an answer."""
    session = secrets.randbits(62)
    kinds = " ".join(str(codec) for codec in description.codecs)
    lines = [
        "v=0",
        f"o=- {session} 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {description.mid}",
        "a=msid-semantic: WMS *",
        f"m=audio 9 UDP/TLS/RTP/SAVPF {kinds}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=mid:{description.mid}",
        "a=sendrecv",
        "a=rtcp-mux",
        f"a=ice-ufrag:{description.user}",
        f"a=ice-pwd:{description.password}",
        f"a=fingerprint:sha-256 {description.fingerprint}",
        f"a=setup:{description.setup}",
        *(f"a=rtpmap:{codec} {_NAMES[codec]}/8000" for codec in description.codecs),
        "a=ptime:20",
        "a=msid:yiwang voice",
        f"a=ssrc:{ssrc} cname:yiwang",
        *(f"a=candidate:{candidate}" for candidate in description.candidates),
        "a=end-of-candidates",
    ]
    return "\r\n".join(lines) + "\r\n"


def _sections(text: str) -> list[list[str]]:
    """The session's lines, then those of each medium."""
    found: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("m="):
            found.append([])
        if line:
            found[-1].append(line)
    return found


def _values(lines: list[str]) -> dict[str, str]:
    """The attributes that stand once."""
    pairs = (line[2:].partition(":") for line in lines if line.startswith("a="))
    return {name: value.strip() for name, _, value in pairs}

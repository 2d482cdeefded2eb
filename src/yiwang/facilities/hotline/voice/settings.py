"""How this installation reaches the telephone network: read from the environment, typed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.problems import Problem

Address = tuple[str, int]

DRIVER = "voice"
"""Our name at the port."""
LEASE = 0x79697761_6E67
"""The advisory lock that a living voice process holds; who can take it knows that there is none."""


@dataclass(frozen=True)
class VoiceSettings:
    """The trunk and the ports of the voice process; the variables are in docs/reference/settings.md."""

    trunk: Address
    also: tuple[Address, ...]
    """Further neighbours that may send calls."""
    listen: Address
    advertised: str | None
    number: str
    domain: str
    user: str | None
    password: str | None
    registers: bool
    rtp_ports: tuple[int, int]
    browser_host: str
    browser_port: int
    browser_addresses: tuple[str, ...]


def voice_settings(env: Mapping[str, str] | None = None) -> VoiceSettings | None:
    """The settings, or nothing where no trunk is configured. Raises `Problem` for what can't be understood."""
    env = os.environ if env is None else env
    neighbours = [word.strip() for word in (env.get("YIWANG_SIP_TRUNK") or "").split(",") if word.strip()]
    if not neighbours:
        return None
    trunk, *also = (_address(word, name="YIWANG_SIP_TRUNK", port=5060) for word in neighbours)
    user = env.get("YIWANG_SIP_USER") or None
    return VoiceSettings(
        trunk=trunk,
        also=tuple(also),
        listen=_address(env.get("YIWANG_SIP_LISTEN") or "0.0.0.0:5060", name="YIWANG_SIP_LISTEN", port=5060),
        advertised=env.get("YIWANG_SIP_ADVERTISED") or None,
        number=env.get("YIWANG_SIP_NUMBER") or user or "96519",
        domain=env.get("YIWANG_SIP_DOMAIN") or trunk[0],
        user=user,
        password=env.get("YIWANG_SIP_PASSWORD") or None,
        registers=env.get("YIWANG_SIP_REGISTER", "1") not in ("", "0", "no"),
        rtp_ports=_ports(env.get("YIWANG_SIP_RTP_PORTS") or "16384-17383"),
        browser_host=env.get("YIWANG_HOST", "127.0.0.1"),
        browser_port=voice_port(env),
        browser_addresses=tuple(
            word.strip() for word in (env.get("YIWANG_VOICE_ADDRESSES") or "").split(",") if word.strip()
        ),
    )


def voice_port(env: Mapping[str, str] | None = None) -> int:
    """Where browsers reach the voice process: `YIWANG_VOICE_PORT`, or the second after the pages' port."""
    env = os.environ if env is None else env
    return int(env.get("YIWANG_VOICE_PORT") or installation().port + 2)


def _address(text: str, *, name: str, port: int) -> Address:
    host, separator, number = text.rpartition(":")
    if not separator:
        return text, port
    if not number.isdecimal():
        raise Problem(
            f"{name}={text} isn't understood; write host:port, such as 10.0.0.1:5060.",
            f"{name}={text} 无法识别；请写成“主机:端口”，例如 10.0.0.1:5060。",
        )
    return host, int(number)


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and int(first) + 2 <= int(last) <= 65535):
        raise Problem(
            f"YIWANG_SIP_RTP_PORTS={text} isn't understood; write two numbers, such as 16384-17383.",
            f"YIWANG_SIP_RTP_PORTS={text} 无法识别；请写两个端口号，例如 16384-17383。",
        )
    return int(first) + int(first) % 2, int(last) + 1

"""How this installation reaches an Asterisk: read from the environment, typed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from yiwang.kernel.base.problems import Problem

DRIVER = "ari"
"""Our name at the port."""


@dataclass(frozen=True)
class AriSettings:
    """Where Asterisk is and how its phones are called; the variables are in docs/reference/settings.md."""

    host: str
    port: int
    path: str
    is_tls: bool
    user: str
    password: str
    app: str
    phones: str
    """The endpoint of an agent's phone; `{number}` stands for the extension."""
    outside: str
    """The endpoint of a number outside."""
    announcement: str
    """What callers are played before they are recorded; without it nothing is recorded."""


def ari_settings(env: Mapping[str, str] | None = None) -> AriSettings | None:
    """The settings, or nothing where no Asterisk is named. Raises `Problem` for what can't be understood."""
    env = os.environ if env is None else env
    address = (env.get("YIWANG_ARI_URL") or "").strip()
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Problem(
            f"YIWANG_ARI_URL={address} isn't understood; write it like http://10.0.0.1:8088/ari.",
            f"YIWANG_ARI_URL={address} 无法识别；请写成 http://10.0.0.1:8088/ari 的样子。",
        )
    is_tls = parts.scheme == "https"
    return AriSettings(
        host=parts.hostname,
        port=parts.port or (8089 if is_tls else 8088),
        path=parts.path.rstrip("/") or "/ari",
        is_tls=is_tls,
        user=env.get("YIWANG_ARI_USER") or "yiwang",
        password=env.get("YIWANG_ARI_PASSWORD") or "",
        app=env.get("YIWANG_ARI_APP") or "yiwang",
        phones=env.get("YIWANG_ARI_PHONES") or "PJSIP/{number}",
        outside=env.get("YIWANG_ARI_OUTSIDE") or "PJSIP/{number}@trunk",
        announcement=env.get("YIWANG_ARI_ANNOUNCEMENT") or "",
    )


def endpoint_of(number: str, *, pattern: str) -> str:
    """Where Asterisk reaches a number: a whole endpoint, such as `PJSIP/8001`, as it stands; of a SIP address the user."""
    if "/" in number:
        return number
    return pattern.replace("{number}", number.removeprefix("sip:").partition("@")[0])


def placing_driver(env: Mapping[str, str] | None = None) -> str:
    """The driver that places calls for agents here: Asterisk where one is named, else the voice process."""
    return DRIVER if ari_settings(env) is not None else "voice"

"""How the trunk is configured: nothing, little, everything, and what isn't understood."""

import pytest

from yiwang.facilities.hotline.voice.settings import VoiceSettings, voice_settings
from yiwang.kernel.base.problems import Problem


def test_without_a_trunk_there_is_no_telephone() -> None:
    assert voice_settings({}) is None


def test_a_trunk_alone_is_enough() -> None:
    assert voice_settings({"YIWANG_SIP_TRUNK": "sip.example", "YIWANG_VOICE_PORT": "9"}) == VoiceSettings(
        trunk=("sip.example", 5060),
        also=(),
        listen=("0.0.0.0", 5060),
        advertised=None,
        number="96519",
        domain="sip.example",
        user=None,
        password=None,
        registers=True,
        rtp_ports=(16384, 17384),
        browser_host="127.0.0.1",
        browser_port=9,
        browser_addresses=(),
    )


def test_everything_is_read() -> None:
    found = voice_settings(
        {
            "YIWANG_SIP_TRUNK": "10.0.0.1:5080, 10.0.0.2",
            "YIWANG_SIP_LISTEN": "10.0.0.9:5070",
            "YIWANG_SIP_ADVERTISED": "192.0.2.9",
            "YIWANG_SIP_USER": "office",
            "YIWANG_SIP_PASSWORD": "secret",
            "YIWANG_SIP_REGISTER": "0",
            "YIWANG_SIP_DOMAIN": "ims.example",
            "YIWANG_SIP_RTP_PORTS": "20001-20100",
            "YIWANG_VOICE_PORT": "9000",
            "YIWANG_VOICE_ADDRESSES": "10.0.0.9, 192.0.2.9",
            "YIWANG_HOST": "0.0.0.0",
        }
    )
    assert found == VoiceSettings(
        trunk=("10.0.0.1", 5080),
        also=(("10.0.0.2", 5060),),
        listen=("10.0.0.9", 5070),
        advertised="192.0.2.9",
        number="office",
        domain="ims.example",
        user="office",
        password="secret",
        registers=False,
        rtp_ports=(20002, 20101),
        browser_host="0.0.0.0",
        browser_port=9000,
        browser_addresses=("10.0.0.9", "192.0.2.9"),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"YIWANG_SIP_TRUNK": "10.0.0.1:sip"},
        {"YIWANG_SIP_TRUNK": "x", "YIWANG_SIP_LISTEN": "x:y"},
        {"YIWANG_SIP_TRUNK": "x", "YIWANG_SIP_RTP_PORTS": "20000"},
        {"YIWANG_SIP_TRUNK": "x", "YIWANG_SIP_RTP_PORTS": "20000-10"},
    ],
)
def test_what_isn_t_understood_is_said_with_the_mend(wrong) -> None:
    with pytest.raises(Problem, match="isn't understood"):
        voice_settings({"YIWANG_VOICE_PORT": "1", **wrong})

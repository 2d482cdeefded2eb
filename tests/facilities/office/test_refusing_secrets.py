"""Marks of state secrecy are refused wherever they stand; words about secrets are not."""

from dataclasses import replace

import pytest

from tests.facilities.office.corpus import documents
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.rules.document import Attachment
from yiwang.facilities.office.rules.secrecy import SecretRefused, marks_in


@pytest.mark.parametrize(
    "text",
    [
        "机密★1年",
        "秘密★",
        "绝 密 ★ 长期",
        "密级：绝密",
        "密级和保密期限：秘密10年",
        "【机密】关于某事的通知",
        "关于某事的通知（秘密）",
        "第一行\n机密\n第三行",
        "保密期限：10年",
        "本文件属于国家秘密",
        "机\u200b密★5年",
        "秘密*3年",
    ],
)
def test_a_mark_is_found(text: str) -> None:
    assert marks_in(text) != ()


@pytest.mark.parametrize(
    "text",
    [
        "不得泄露国家秘密、商业秘密和个人隐私。",
        "加强保密工作，落实机密文件管理制度。",
        "他守口如瓶，绝密计划无人知晓。",
        "保密委员会",
    ],
)
def test_words_about_secrets_are_no_mark(text: str) -> None:
    assert marks_in(text) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"secrecy": "秘密"},
        {"title": "关于某事的通知（机密）"},
        {"body": "机密★1年"},
        {"note": "密级：秘密"},
        {"attachments": (Attachment("名单", "绝密★长期"),)},
    ],
)
def test_a_marked_document_is_never_laid_out(change: dict[str, object]) -> None:
    with pytest.raises(SecretRefused, match="非涉密网络"):
        lay_out(replace(documents()[0], **change))  # type: ignore[arg-type]

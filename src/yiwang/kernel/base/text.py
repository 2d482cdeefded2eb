"""Text of people: normalised, bounded and safe to keep; and the marker for words to be translated."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")
_DIGITS = "零一二三四五六七八九"


def N_(message: str) -> str:  # noqa: N802 - the customary name of this marker
    """Mark a message for translation where it is written down but not yet shown."""
    return message


def clean_line(text: str) -> str:
    """One line without control or direction marks, blanks folded, ends trimmed."""
    return _BLANKS.sub(" ", _CONTROL.sub("", _encodable(text)).replace("\n", " ").replace("\r", " ")).strip()


def clean_text(text: str) -> str:
    """Several lines without control or direction marks, ends trimmed, line ends as `\\n`."""
    unified = _encodable(text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", unified).strip()


def in_a_row(*sentences: str) -> str:
    """Sentences one after the other: with a blank between, except behind a full-width mark, which has its own."""
    row = ""
    for sentence in filter(None, sentences):
        row += f" {sentence}" if row and row[-1] not in "\u3002\uff1f\uff01\uff1b" else sentence
    return row


def fold(text: str) -> str:
    """The form in which texts are compared: full-width as half-width, case folded, blanks removed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _encodable(text)).casefold())


def _encodable(text: str) -> str:
    """Without unpaired surrogates and NUL, which no database keeps."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def chinese_number(number: int) -> str:
    """A number from 0 to 9999 in Chinese, as articles of statutes are numbered."""
    if not 0 <= number <= 9999:
        raise ValueError("only 0 to 9999 are numbers of articles")
    if number == 0:
        return "零"
    parts: list[str] = []
    pending_zero = False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit == 0:
            pending_zero = bool(parts)
            continue
        if pending_zero:
            parts.append("零")
            pending_zero = False
        parts.append(("" if digit == 1 and power == 10 and not parts else _DIGITS[digit]) + sign)
    return "".join(parts)


def mask_name(name: str) -> str:
    """A name as others may see it: the first character, the rest starred."""
    name = name.strip()
    return name[:1] + "*" * min(max(len(name) - 1, 1), 2) if name else ""


def mask_phone(phone: str) -> str:
    """A telephone number with its middle starred."""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "*" * len(phone)

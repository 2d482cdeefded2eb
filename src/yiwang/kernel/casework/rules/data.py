"""What somebody enters for a step, cleaned and checked once, whatever form or channel it came through."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.kernel.base.text import N_, clean_line, clean_text
from yiwang.kernel.casework.rules.casetype import FieldDef, FieldKind


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field: a sentence to be translated, and the numbers that belong in it."""

    message: str
    values: tuple[tuple[str, object], ...] = ()


class BadData(Exception):
    """What was entered doesn't fit the step; `faults` says for each field how to mend it."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__("; ".join(f"{key}: {fault.message}" for key, fault in faults.items()))
        self.faults = dict(faults)


REQUIRED = N_("Please fill this in.")
TOO_LONG = N_("This is too long: at most %(most)s characters, now %(now)s.")
NOT_A_DATE = N_("Please give a day as year-month-day.")
NOT_A_NUMBER = N_("Please give a whole number.")
NOT_MONEY = N_("Please give an amount in yuan, for example 128 or 128.50.")
TOO_SMALL = N_("At least %(least)s.")
TOO_LARGE = N_("At most %(most)s.")
NOT_A_CHOICE = N_("Please choose one of the answers.")


def clean(fields: Iterable[FieldDef], data: Mapping[str, Any]) -> dict[str, Any]:
    """The entries as they are kept: trimmed texts, ISO days, whole numbers. Raises `BadData`.

    Unknown keys are dropped; an empty entry that isn't required is left out.
    """
    kept: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for definition in fields:
        raw = data.get(definition.key)
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
            if definition.is_required:
                faults[definition.key] = Fault(REQUIRED)
            continue
        value = _CLEANERS[definition.kind](definition, raw)
        if isinstance(value, Fault):
            faults[definition.key] = value
        elif value is None or value == "":
            if definition.is_required:
                faults[definition.key] = Fault(REQUIRED)
        else:
            kept[definition.key] = value
    if faults:
        raise BadData(faults)
    return kept


def _line(definition: FieldDef, raw: Any) -> str | Fault:
    return _bounded(definition, clean_line(str(raw)))


def _text(definition: FieldDef, raw: Any) -> str | Fault:
    return _bounded(definition, clean_text(str(raw)))


def _bounded(definition: FieldDef, text: str) -> str | Fault:
    if len(text) > definition.max_length:
        return Fault(TOO_LONG, (("most", definition.max_length), ("now", len(text))))
    return text


def _date(definition: FieldDef, raw: Any) -> str | Fault:
    if isinstance(raw, date):
        return raw.isoformat()
    try:
        day = date.fromisoformat(str(raw).strip())
    except ValueError:
        return Fault(NOT_A_DATE)
    return day.isoformat() if 1949 <= day.year <= 2199 else Fault(NOT_A_DATE)


def _number(definition: FieldDef, raw: Any) -> int | Fault:
    try:
        number = int(str(raw).strip())
    except ValueError:
        return Fault(NOT_A_NUMBER)
    if definition.minimum is not None and number < definition.minimum:
        return Fault(TOO_SMALL, (("least", definition.minimum),))
    if definition.maximum is not None and number > definition.maximum:
        return Fault(TOO_LARGE, (("most", definition.maximum),))
    return number if abs(number) < 2**62 else Fault(NOT_A_NUMBER)


def _money(definition: FieldDef, raw: Any) -> int | Fault:
    """An amount in fen: a whole number is in fen already, a text is in yuan."""
    if isinstance(raw, int):
        fen = raw
    else:
        try:
            exact = Decimal(str(raw).strip().replace(",", "")) * 100
        except InvalidOperation:
            return Fault(NOT_MONEY)
        if not exact.is_finite() or exact != exact.to_integral_value():
            return Fault(NOT_MONEY)
        fen = int(exact)
    return fen if 0 <= fen < 10**11 else Fault(NOT_MONEY)


def _choice(definition: FieldDef, raw: Any) -> str | Fault:
    return str(raw) if str(raw) in {key for key, _ in definition.choices} else Fault(NOT_A_CHOICE)


def _yes_no(definition: FieldDef, raw: Any) -> bool:
    return raw is True or str(raw).lower() in ("1", "true", "on", "yes")


def _files(definition: FieldDef, raw: Any) -> Any:
    return raw


_CLEANERS: dict[FieldKind, Callable[[FieldDef, Any], Any]] = {
    FieldKind.LINE: _line,
    FieldKind.TEXT: _text,
    FieldKind.DATE: _date,
    FieldKind.DAYS: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.UNIT: _number,
    FieldKind.ACCOUNT: _number,
    FieldKind.CASE: _number,
    FieldKind.YES_NO: _yes_no,
    FieldKind.FILES: _files,
    FieldKind.MONEY: _money,
    FieldKind.GRADE: _number,
}

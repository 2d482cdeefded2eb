"""What somebody fills in about documents: the text, a document from outside, readers, departments, numbers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.office.content import LONGEST
from yiwang.facilities.office.enums import Answer, DocumentKind, Mode, Urgency
from yiwang.facilities.office.models import OfficialDocument
from yiwang.kernel.base.addresses import address
from yiwang.kernel.casework.choices import account_named
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.forms import ComboInput, DateInput

RARE = ("attachment_texts", "order_number", "letterhead", "sealing", "signer_post", "note")
"""Fields that few documents need; they stand together, folded."""
SEALINGS = (
    ("", _("the unit's seal")),
    ("signature", _("the signature seal of whoever signs")),
    ("none", _("no seal")),
)
RECEIVING = (UnitKind.COUNTY, UnitKind.OFFICE, UnitKind.DEPARTMENT, UnitKind.TOWNSHIP)
"""Kinds of units to which a document is sent."""


def units_to_choose(*, on: date, but: Iterable[int] = ()) -> list[tuple[str, str]]:
    """The units that receive documents, as choices."""
    units, language, without = tree(), get_language() or "", set(but)
    return [
        (str(unit.pk), units.name(unit.pk, language=language))
        for unit in units.valid(on=on)
        if unit.kind in RECEIVING and unit.pk not in without
    ]


def _suggest_people(form: forms.Form, name: str) -> None:
    """Let a field suggest colleagues as one types; the address is known only once the site is up."""
    widget = form.fields[name].widget
    assert isinstance(widget, ComboInput)
    widget.url = address("casework:suggest_accounts")


class TextForm(forms.Form):
    """A document as it is written: what it is, to whom, what it says."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    title = forms.CharField(
        label=pgettext_lazy("of a document", "Title"),
        max_length=200,
        help_text=_("Issuer, subject and kind, for example 云川县水务局关于……的通知."),
    )
    body = forms.CharField(
        label=pgettext_lazy("of a document", "Text"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("One paragraph a line. Levels as usual: 一、 （一） 1. （1）"),
    )
    main = forms.MultipleChoiceField(
        label=_("Addressees"), required=False, widget=forms.CheckboxSelectMultiple
    )
    copy = forms.MultipleChoiceField(
        label=_("Copies to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    joint = forms.MultipleChoiceField(
        label=_("Issued jointly with"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each of them signs it after your unit has; the number is your unit's alone. Their order is chosen beside the sheet, once it is saved."),
    )  # fmt: skip
    others = forms.CharField(
        label=_("Addressees outside the house"), max_length=200, required=False,
        help_text=_("They stand on the document; it is sent to them on paper."),
    )  # fmt: skip
    attachments = forms.CharField(
        label=_("Names of attachments"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line."),
    )  # fmt: skip

    attachment_texts = forms.CharField(
        label=_("Texts of attachments"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Each below a line of its own: 附件1, 附件2. What is left out comes on paper or as a file."),
    )  # fmt: skip
    order_number = forms.IntegerField(
        label=_("Number of an order (第×号)"), required=False, min_value=1, max_value=99_999,
        help_text=_("Orders (命令) bear it instead of a document number; it runs through a term of office."),
    )  # fmt: skip
    letterhead = forms.CharField(
        label=_("Name in the red head"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: the unit's full name with 文件. One name a line."),
    )  # fmt: skip
    sealing = forms.ChoiceField(label=_("What stands at the end"), choices=SEALINGS, required=False)
    signer_post = forms.CharField(
        label=_("Office held by whoever signs"), required=False, max_length=30,
        help_text=_("It stands before a signature seal, for example 县长."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note below the date (附注)"), required=False, max_length=100,
        help_text=_("For example 此件公开发布. The brackets are set by themselves."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit_id: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = units_to_choose(on=on, but=[unit_id])
        for name in ("main", "copy", "joint"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    @classmethod
    def initial_of(cls, document: OfficialDocument) -> dict[str, Any]:
        """What the form shows of a document."""
        content = document.content
        return {
            "kind": document.kind,
            "urgency": document.urgency,
            "title": document.title,
            "body": content.get("body", ""),
            "main": [str(unit_id) for unit_id in document.main_units],
            "copy": [str(unit_id) for unit_id in document.copy_units],
            "joint": [str(unit_id) for unit_id in content.get("joint_units", ())],
            "others": content.get("others", ""),
            "attachments": "\n".join(content.get("attachments", ())),
            **{key: content.get(key, "") for key in RARE},
        }


class OutsideForm(forms.Form):
    """A document from outside, registered on one page."""

    title = forms.CharField(label=pgettext_lazy("of a document", "Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    origin = forms.CharField(
        label=_("Sender"), max_length=100, help_text=_("The office that issued it, in full.")
    )
    number = forms.CharField(label=_("Document number"), max_length=60, required=False)
    written_on = forms.DateField(label=_("Day on the document"), required=False, widget=DateInput)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    due_on = forms.DateField(label=_("Reply by"), required=False, widget=DateInput)
    file = forms.FileField(
        label=_("The document as a file"), required=False, help_text=_("PDF, Word or scan, up to 50 MB.")
    )
    is_open = forms.BooleanField(
        label=_("It bears no mark of secrecy (绝密, 机密, 秘密)"),
        help_text=_(
            "Whatever bears one is refused; a scan can't be read by the house, so you answer for it."
        ),
        error_messages={"required": _("Only what bears no mark of secrecy may be brought in here.")},
    )


class CountersignForm(forms.Form):
    """A department's answer."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("of a department", "What we say"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Your opinion"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("With changes or objections, say what should be different."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever doesn't simply agree says why."""
        data = super().clean() or {}
        if data.get("answer") in (Answer.WITH_CHANGES, Answer.OBJECTS) and not data.get("text"):
            self.add_error("text", _("Please say what should be different."))
        return data


class JointForm(forms.Form):
    """A unit's word on a document that it issues with others: it signs, or says why not."""

    answer = forms.ChoiceField(
        label=_("We"),
        choices=((Answer.AGREES, _("sign this very text")), (Answer.OBJECTS, _("refuse to sign"))),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Your opinion"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever refuses says why; it goes back to the drafter."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever refuses says why."""
        data = super().clean() or {}
        if data.get("answer") == Answer.OBJECTS and not data.get("text"):
            self.add_error("text", _("Please say why your unit doesn't sign."))
        return data


class ReadersForm(forms.Form):
    """Who reads a document: people of the unit, and anybody else by name."""

    people = forms.MultipleChoiceField(
        label=_("People of your unit"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(
        label=_("Somebody of another unit"), required=False, max_length=60,
        widget=ComboInput(url="", value_name="other_key"),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: Sequence[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _suggest_people(self, "other")
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(account_id), f"{name} · {title}" if title else name)
            for account_id, name, title in colleagues
        ]

    def clean(self) -> dict[str, Any]:
        """The readers as accounts, those of the unit in the order shown."""
        data = super().clean() or {}
        readers = [int(one) for one in data.get("people", ())]
        if other := data.get("other", ""):
            key = str(self.data.get("other_key", ""))
            found = account_named(other, chosen=int(key) if key.isdecimal() and len(key) < 19 else None)
            if found is None:
                self.add_error("other", _("Nobody of exactly this name was found. Choose one from the list."))
            else:
                readers.append(found)
        if not readers and not self.errors:
            self.add_error("people", _("Please choose at least one reader."))
        return {**data, "readers": readers}


class CirculateForm(ReadersForm):
    """Readers, the way in which it goes around, and a word along."""

    mode = forms.ChoiceField(
        label=_("How it goes around"), choices=Mode.choices, widget=forms.RadioSelect, initial=Mode.PARALLEL
    )
    note = forms.CharField(
        label=_("A word along"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("people", "other", "mode", "note")


class ReadForm(forms.Form):
    """That one has read it, with an opinion if one has any."""

    text = forms.CharField(
        label=_("Your opinion"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty counts as read and ticked (圈阅). What is written here stays."),
    )  # fmt: skip
    is_instruction = forms.BooleanField(label=_("It is an instruction (批示)"), required=False)


class UnitsForm(forms.Form):
    """Departments that are asked to countersign."""

    units = forms.MultipleChoiceField(
        label=_("Departments"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one other unit.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("A word along"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, unit_id: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = units_to_choose(on=on, but=[unit_id])


class NumberForm(forms.Form):
    """Which number a document gets, and how many copies are printed."""

    number = forms.ChoiceField(
        label=_("Document number"), help_text=_("The next of a series, or one that was kept back.")
    )
    copies = forms.IntegerField(label=_("Copies on paper"), min_value=0, max_value=99_999, initial=0)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["number"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AwayForm(forms.Form):
    """Who stands in, from when until when, and why."""

    deputy = forms.CharField(
        label=_("Who stands in for you"), max_length=60,
        widget=ComboInput(url="", value_name="deputy_key"),
    )  # fmt: skip
    from_on = forms.DateField(label=_("First day away"), widget=DateInput)
    until_on = forms.DateField(label=_("Back on"), widget=DateInput)
    reason = forms.CharField(label=pgettext_lazy("of an absence", "Why"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _suggest_people(self, "deputy")

    def clean(self) -> dict[str, Any]:
        """The deputy as an account."""
        data = super().clean() or {}
        if name := data.get("deputy", ""):
            key = str(self.data.get("deputy_key", ""))
            data["to"] = account_named(name, chosen=int(key) if key.isdecimal() and len(key) < 19 else None)
            if data["to"] is None:
                self.add_error(
                    "deputy", _("Nobody of exactly this name was found. Choose one from the list.")
                )
        return data


class ReasonForm(forms.Form):
    """A reason that stands in the register."""

    reason = forms.CharField(label=_("Reasons"), max_length=200)


class SeriesForm(forms.Form):
    """A new series of numbers."""

    mark = forms.CharField(label=_("Mark before the year"), max_length=12, help_text=_("For example 云政发."))

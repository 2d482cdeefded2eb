"""What an institution adds to the receipts of its cases: words for the stages, a part of its own, further acts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.utils.functional import Promise

from yiwang.kernel.casework.rules.casetype import Stage
from yiwang.kernel.casework.rules.data import NOT_A_CHOICE, Fault

if TYPE_CHECKING:
    from django.forms import ChoiceField

    from yiwang.kernel.casework.dossier import Dossier
    from yiwang.kernel.casework.forms import StepForm

Words = str | Promise


@dataclass(frozen=True)
class Act:
    """A step that the holder of a receipt may take from its page, and the thanks for it.

    `send` stands on the button when the label is a question; `left_out` are choices that only the staff has, by field.
    """

    verb: str
    label: Words
    thanks: Words
    is_open: bool = False
    send: Words = ""
    left_out: Mapping[str, Collection[str]] = field(default_factory=dict)

    def narrow(self, form: "StepForm") -> None:
        """Take out of a form what only the staff may choose."""
        for key, out in self.left_out.items():
            asked = cast("ChoiceField", form.fields[key])
            asked.choices = [one for one in cast("list[tuple[str, str]]", asked.choices) if one[0] not in out]

    def faults(self, data: Mapping[str, Any]) -> dict[str, Fault]:
        """What was entered that only the staff may choose, by field."""
        return {key: Fault(NOT_A_CHOICE) for key, out in self.left_out.items() if data.get(key) in out}


@dataclass(frozen=True)
class ReceiptFace:
    """How receipts of one case type speak.

    `template` is shown below the stages with what `context` gives for the dossier and the receipt's code.
    `acts` are steps beside adding something and evaluating; each has a form of its own. `given` is entered
    with an act without being asked, by verb.
    """

    type_key: str
    stages: Mapping[Stage, Words] = field(default_factory=dict)
    template: str = ""
    context: "Callable[[Dossier, str], dict[str, Any]]" = lambda dossier, code: {}
    acts: tuple[Act, ...] = ()
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def act(self, verb: str) -> Act | None:
        """The act of that verb."""
        return next((act for act in self.acts if act.verb == verb), None)


_faces: dict[str, ReceiptFace] = {}


def register_face(face: ReceiptFace) -> ReceiptFace:
    """Enter how a case type's receipts speak."""
    _faces[face.type_key] = face
    return face


def face_of(type_key: str) -> ReceiptFace:
    """How receipts of a case type speak; the plain way when nobody has entered another."""
    return _faces.get(type_key) or ReceiptFace(type_key)

"""What an institution adds to the receipts of its cases: words for the stages, a part of its own, further acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from yiwang.kernel.casework.rules.casetype import Stage

if TYPE_CHECKING:
    from yiwang.kernel.casework.dossier import Dossier

Words = str | Promise


@dataclass(frozen=True)
class Act:
    """A step that the holder of a receipt may take from its page, and the thanks for it."""

    verb: str
    label: Words
    thanks: Words
    is_open: bool = False


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

"""Places of the desks for people, and what the frame says of whoever is signed in."""

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.base.addresses import address
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.enums import Role
from yiwang.kernel.ui import context
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.places import Place, register

ADMINISTRATOR, SECURITY_OFFICER = frozenset({"administrator"}), frozenset({"security_officer"})

for place in (
    Place("people", _("People"), "people:accounts", ADMINISTRATOR, order=30, icon="users", shortcut="p"),
    Place(
        "granting",
        _("To grant"),
        "people:granting",
        SECURITY_OFFICER,
        order=30,
        icon="shield-check",
        shortcut="g",
    ),
    Place(
        "posts",
        _("Posts in force"),
        "people:posts",
        SECURITY_OFFICER,
        order=31,
        icon="user-check",
        shortcut="p",
    ),
    Place("delegations", _("Delegations"), "people:delegations", SECURITY_OFFICER, order=32, icon="user-cog"),
):
    register(place)


def _person(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "standing", None), "name", ""))


def _post(request: HttpRequest) -> str:
    """The roles somebody acts in, each with its unit."""
    units, language = tree(), get_language() or ""
    posts = getattr(getattr(request, "standing", None), "posts", ())
    told = (f"{units.name(post.unit_id, language=language)} {Role(post.role).label}" for post in posts)
    return " · ".join(dict.fromkeys(told))


def _institution(request: HttpRequest) -> str:
    """The institution of the first post: the unit just below the county; none for the county's own people."""
    posts = getattr(getattr(request, "standing", None), "posts", ())
    units = tree()
    first = units.units.get(posts[0].unit_id) if posts else None
    if first is None:
        return ""
    path = first.path
    return units.name(path[1], language=get_language() or "") if len(path) > 1 else ""


def _links(request: HttpRequest) -> list[Link]:
    return [
        Link(_("My account"), address("people:me")),
        Link(_("Change password"), address("people:password")),
    ]


context.provide(
    person=_person,
    post=_post,
    institution=_institution,
    sign_in_url=lambda request: address("people:sign_in"),
    sign_out_url=lambda request: address("people:sign_out"),
    person_links=_links,
)

"""Reading accounts, posts and delegations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet

from yiwang.kernel.base.config import installation
from yiwang.kernel.people.models import Account, Delegation, Post


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody of the invented county, as whom one may look around."""

    username: str
    password: str
    label: str


_demo: list[Callable[[], Sequence[DemoSignIn]]] = []


def provide_demo_sign_ins(function: Callable[[], Sequence[DemoSignIn]]) -> None:
    """Name the people of the demo county; they are shown on the sign-in page in demo mode only."""
    _demo[:] = [function]


def demo_sign_ins() -> Sequence[DemoSignIn]:
    """Whom the sign-in page offers: nobody at all outside demo mode."""
    return _demo[0]() if _demo and installation().is_demo else ()


def accounts(*, words: str = "", is_active: bool | None = None) -> QuerySet[Account]:
    """Accounts by sign-in name; `words` looks in names, sign-in names and telephone numbers."""
    found = Account.objects.order_by("username")
    if words:
        found = found.filter(
            Q(username__icontains=words) | Q(name__icontains=words) | Q(phone__icontains=words)
        )
    return found if is_active is None else found.filter(is_active=is_active)


def posts_of(account_id: int) -> QuerySet[Post]:
    """Every post of an account, the present ones first, with unit and who decided; one query."""
    return (
        Post.objects.filter(account_id=account_id)
        .select_related("unit", "proposed_by", "granted_by")
        .order_by(F("refused_at").asc(nulls_first=True), "-from_on", "pk")
    )


def posts_that_count(*, on: date) -> QuerySet[Post]:
    """The posts that are granted and in their time on a day."""
    return Post.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on),
        from_on__lte=on,
        granted_at__isnull=False,
        refused_at__isnull=True,
    )


def posts_that_wait() -> QuerySet[Post]:
    """The posts that wait for the security officer, the oldest first."""
    return (
        Post.objects.filter(granted_at__isnull=True, refused_at__isnull=True)
        .select_related("account", "unit", "proposed_by")
        .order_by("proposed_at", "pk")
    )


def delegations_of(account_id: int, *, on: date) -> QuerySet[Delegation]:
    """Delegations from or to an account that haven't run out by a day; one query."""
    return (
        Delegation.objects.filter(
            Q(to_id=account_id) | Q(post__account_id=account_id), ended_at__isnull=True, until_on__gt=on
        )
        .select_related("post__unit", "post__account", "to", "made_by")
        .order_by("from_on", "pk")
    )


def delegations_open(*, on: date) -> QuerySet[Delegation]:
    """Delegations that run, will run or wait to be granted on a day; the waiting ones first."""
    return (
        Delegation.objects.filter(ended_at__isnull=True, until_on__gt=on)
        .select_related("post__unit", "post__account", "to", "made_by", "granted_by")
        .order_by(F("granted_at").asc(nulls_first=True), "pk")
    )


PAGE_SIZE = 50


@dataclass(frozen=True)
class AccountPage:
    """One page of accounts by sign-in name, with the keys that lead to its neighbours."""

    rows: Sequence[Account]
    before: str
    after: str


def page_of_accounts(
    *, words: str = "", is_active: bool | None = True, after: str = "", before: str = "", on: date
) -> AccountPage:
    """Accounts with the posts that count (as `account.present_posts`), 50 a page; two queries."""
    found = accounts(words=words, is_active=is_active)
    present = Prefetch(
        "posts", queryset=posts_that_count(on=on).select_related("unit"), to_attr="present_posts"
    )
    if before:
        rows = list(
            found.filter(username__lt=before).order_by("-username").prefetch_related(present)[: PAGE_SIZE + 1]
        )
        has_before, has_after = len(rows) > PAGE_SIZE, True
        rows = rows[:PAGE_SIZE][::-1]
    else:
        chosen = found.filter(username__gt=after) if after else found
        rows = list(chosen.prefetch_related(present)[: PAGE_SIZE + 1])
        has_before, has_after = bool(after), len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE]
    return AccountPage(
        rows,
        before=rows[0].username if rows and has_before else "",
        after=rows[-1].username if rows and has_after else "",
    )


@dataclass(frozen=True)
class PostPage:
    """One page of posts, with the key of the next page."""

    rows: list[Post]
    after: int | None


def page_of_posts(*, on: date, role: str = "", after: int = 0) -> PostPage:
    """The posts that count on a day, in the order in which they were entered, 50 a page; one query."""
    found = posts_that_count(on=on).filter(pk__gt=after, account__is_active=True)
    if role:
        found = found.filter(role=role)
    rows = list(
        found.select_related("account", "unit", "proposed_by", "granted_by").order_by("pk")[: PAGE_SIZE + 1]
    )
    return PostPage(rows[:PAGE_SIZE], after=rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None)

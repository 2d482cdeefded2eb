"""Who may grant a post: a second person, never its holder and never whoever proposed it."""

from yiwang.kernel.people.models import Post


def may_grant(account_id: int | None, post: Post) -> bool:
    """Whether a security officer may grant this very post; the database holds the same rule."""
    return account_id is not None and account_id not in (post.account_id, post.proposed_by_id)

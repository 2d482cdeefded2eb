"""Signing in with name and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from yiwang.kernel.people.models import Account


class AccountBackend(BaseBackend):
    """Accepts an active account's password; spends the same time on a name that doesn't exist."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        """The account, or nothing when name, password or state don't fit."""
        try:
            account = Account.objects.get_by_natural_key(username)
        except Account.DoesNotExist:
            Account().set_password(password or "")
            return None
        is_right = account.check_password(password or "")
        return account if is_right and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, while it is active."""
        return Account.objects.filter(pk=user_id, is_active=True).first()

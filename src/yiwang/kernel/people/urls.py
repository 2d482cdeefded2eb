"""Addresses of signing in and of people."""

from django.urls import path

from yiwang.kernel.people.pages.account import account
from yiwang.kernel.people.pages.accounts import accounts, new_account
from yiwang.kernel.people.pages.granting import delegations, granting, posts
from yiwang.kernel.people.pages.me import end_own_delegation, me, sign_out_everywhere
from yiwang.kernel.people.pages.password import password
from yiwang.kernel.people.pages.sign_in import sign_in, sign_out

app_name = "people"
mount = "people/"

urlpatterns = [
    path("", accounts, name="accounts"),
    path("new/", new_account, name="new_account"),
    path("<int:account_id>/", account, name="account"),
    path("granting/", granting, name="granting"),
    path("posts/", posts, name="posts"),
    path("delegations/", delegations, name="delegations"),
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("sign-out-everywhere/", sign_out_everywhere, name="sign_out_everywhere"),
    path("password/", password, name="password"),
    path("me/", me, name="me"),
    path("me/delegations/<int:delegation_id>/end/", end_own_delegation, name="end_own_delegation"),
]

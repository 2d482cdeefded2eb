"""What people type about accounts, posts and delegations."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.people.enums import Role
from yiwang.kernel.people.models import Account, Post
from yiwang.kernel.people.queries import posts_that_count
from yiwang.kernel.ui.forms import DateInput

LONGEST_PASSWORD = 128
"""Longer ones would only keep the server busy."""


class PasswordField(forms.CharField):
    """A password as typed: nothing trimmed, never shown again."""

    def __init__(self, *, label: Any, autocomplete: str, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        )


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = PasswordField(label=_("Password"), autocomplete="current-password")


class PasswordForm(forms.Form):
    """One's own new password, with the present one as proof."""

    current = PasswordField(label=_("Present password"), autocomplete="current-password")
    new = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_(
            "At least 10 characters, not a common word and not like your name. Three words that don't belong together are easy to remember."
        ),
    )
    again = PasswordField(label=_("New password once more"), autocomplete="new-password")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_new(self) -> str:
        """Refuse what is easily guessed."""
        chosen: str = self.cleaned_data["new"]
        validate_password(chosen, self.account)
        return chosen

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same, and another one than before."""
        typed = super().clean() or {}
        new = typed.get("new")
        if new and typed.get("again") and new != typed["again"]:
            self.add_error("again", _("The two new passwords differ. Type the same one twice."))
        if new and new == typed.get("current"):
            self.add_error("new", _("Choose another password than the present one."))
        return typed


class SaysWhatIsWrong(forms.Form):
    """A form beside whose fields the sentences of an action appear."""

    def take_over(self, error: ValidationError) -> None:
        """Put an action's sentences beside the fields they are about, else at the head."""
        faults = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in faults.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class PersonField(forms.CharField):
    """Somebody with an account, named by sign-in name."""

    def clean(self, value: Any) -> Any:
        """The account; a sentence when there is none that can sign in."""
        typed = super().clean(value)
        account = Account.objects.filter(username=typed.lower(), is_active=True).first()
        if account is None:
            raise ValidationError(_("Nobody signs in with this name. Ask for the exact sign-in name."))
        return account


class OwnDelegationForm(SaysWhatIsWrong):
    """One of one's own posts, for somebody else, for a time."""

    post = forms.TypedChoiceField(label=_("Which post"))
    to = PersonField(
        label=_("To whom"),
        help_text=_("Their sign-in name."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    from_on = forms.DateField(label=_("Begins on"), widget=DateInput)
    until_on = forms.DateField(
        label=_("Ends on"),
        help_text=_("From this day on the post is exercised by its holder alone again."),
        widget=DateInput,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = posts_that_count(on=timezone.localdate()).filter(account=account).select_related("unit")
        self.own_posts: dict[str, Post] = {str(post.pk): post for post in mine}
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (key, f"{unit_name(post.unit)} · {post.get_role_display()}")
            for key, post in self.own_posts.items()
        ]

    def clean_post(self) -> Post:
        """The post itself."""
        return self.own_posts[self.cleaned_data["post"]]


class SearchForm(forms.Form):
    """Whom the administrator looks for."""

    q = forms.CharField(
        label=_("Name, sign-in name or telephone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class AccountForm(SaysWhatIsWrong):
    """Somebody who is to sign in; the password for one use is made by the machine."""

    name = forms.CharField(label=_("Name of the person"), max_length=60)
    username = forms.CharField(
        label=_("Sign-in name"),
        help_text=_("Letters, figures, dot and hyphen; it never changes."),
        max_length=40,
        validators=[
            RegexValidator(
                r"^[a-zA-Z0-9][a-zA-Z0-9._-]*\Z", _("Only Latin letters, figures, dot and hyphen.")
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    phone = forms.CharField(label=_("Telephone at work"), max_length=30, required=False)


class PostForm(SaysWhatIsWrong):
    """A post that the security officer is to grant."""

    unit = forms.TypedChoiceField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    title = forms.CharField(
        label=_("Job title"),
        help_text=_("As it stands on the door, if it has one."),
        max_length=40,
        required=False,
    )
    from_on = forms.DateField(label=_("Begins on"), widget=DateInput)
    until_on = forms.DateField(
        label=_("Until"), help_text=_("Empty when it has no last day."), widget=DateInput, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = tree().valid(on=timezone.localdate())
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(unit.pk), "　" * (len(unit.path) - 1) + unit_name(unit)) for unit in units),
        ]

    def clean_unit(self) -> Unit:
        """The unit itself."""
        return tree().get(int(self.cleaned_data["unit"]))


class EndPostForm(SaysWhatIsWrong):
    """The day from which a post no longer counts."""

    on = forms.DateField(
        label=_("From which day"), help_text=_("From this day on it no longer counts."), widget=DateInput
    )


class ReasonForm(SaysWhatIsWrong):
    """Why a post was granted or refused."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the log and shown to the administrator."),
        max_length=200,
    )

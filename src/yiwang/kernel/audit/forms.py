"""What an auditor may look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.audit.labels import known_actions
from yiwang.kernel.audit.queries import Looked
from yiwang.kernel.people.models import Account
from yiwang.kernel.ui.forms import DateInput


class LookForm(forms.Form):
    """Filters over the log; they stand in the address, so that a finding can be handed on."""

    actor = forms.CharField(label=_("Account"), required=False, max_length=150)
    action = forms.ChoiceField(label=_("Action"), required=False)
    subject = forms.IntegerField(
        label=_("Number of the subject"), required=False, min_value=1, max_value=2**63 - 1
    )
    on = forms.DateField(label=_("Day"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)
        action.choices = [("", _("All actions")), *known_actions()]

    def clean_actor(self) -> int | None:
        """The number of the account with this name."""
        username = self.cleaned_data["actor"].strip().lower()
        if not username:
            return None
        number = Account.objects.filter(username=username).values_list("pk", flat=True).first()
        if number is None:
            raise forms.ValidationError(_("There is no account of this name."))
        return int(number)

    def looked(self) -> Looked:
        """What is looked for; only on a valid form."""
        chosen = self.cleaned_data
        return Looked(
            actor=chosen["actor"], action=chosen["action"], subject_id=chosen["subject"], on=chosen["on"]
        )

"""Form fields: help before the control, error beside it, wired for screen readers; and the errors' summary."""

from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.template import Library
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.kernel.ui import icons
from yiwang.kernel.ui.forms import ComboInput, DateInput, ExplainedRadios
from yiwang.kernel.ui.html import format_html, format_html_join

from .words import NOTHING, attributes

register = Library()


def _described_by(bound: BoundField, *, help_text: object, most: int | None) -> str:
    name = bound.auto_id or bound.html_name
    parts = [f"{name}-help"] if help_text else []
    parts += [f"{name}-error"] if bound.errors else []
    parts += [f"{name}-count"] if most else []
    return " ".join(parts)


def _head(bound: BoundField, *, help_text: object, tag: str, label: object) -> SafeString:
    name = bound.auto_id or bound.html_name
    optional = (
        NOTHING if bound.field.required else format_html(' <span class="optional">{}</span>', _("(optional)"))
    )
    target = format_html(' for="{}"', bound.id_for_label) if tag == "label" else NOTHING
    helped = (
        format_html('<p class="field-help" id="{}-help">{}</p>', name, help_text) if help_text else NOTHING
    )
    return format_html("<{}{}>{}{}</{}>{}", mark_safe(tag), target, label, optional, mark_safe(tag), helped)


def _error(bound: BoundField) -> SafeString:
    if not bound.errors:
        return NOTHING
    name = bound.auto_id or bound.html_name
    return format_html(
        '<p class="field-error" id="{}-error">{}<span>{}</span></p>',
        name,
        icons.icon("circle-alert"),
        format_html_join(" ", "{}", ((error,) for error in bound.errors)),
    )


def _options(bound: BoundField) -> SafeString:
    hints = bound.field.widget.hints if isinstance(bound.field.widget, ExplainedRadios) else {}
    return format_html_join(
        "",
        '<label class="choice" for="{}">{}<span>{}{}</span></label>',
        (
            (
                option.id_for_label,
                option.tag(),
                option.choice_label,
                format_html("<small>{}</small>", hint)
                if (hint := hints.get(str(option.data["value"])))
                else NOTHING,
            )
            for option in bound
            if option.data["value"] != "" or not bound.field.required
        ),
    )


def _control(bound: BoundField, *, attrs: dict[str, Any]) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, ComboInput):
        return _combo(bound, attrs=attrs)
    if isinstance(widget, forms.DateInput) and not isinstance(widget, DateInput):
        return bound.as_widget(widget=DateInput(attrs=widget.attrs), attrs=attrs)
    if isinstance(widget, forms.ClearableFileInput):
        return format_html(
            '{}<ul class="files" data-files-of="{}"></ul>', bound.as_widget(attrs=attrs), bound.id_for_label
        )
    return bound.as_widget(attrs=attrs)


def _combo(bound: BoundField, *, attrs: dict[str, Any]) -> SafeString:
    widget = bound.field.widget
    name = bound.id_for_label
    control = bound.as_widget(
        attrs={
            **attrs,
            "role": "combobox",
            "autocomplete": "off",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": f"{name}-list",
            "data-combo": widget.url,
        }
    )
    hidden = NOTHING
    if widget.value_name:
        key = bound.form.add_prefix(widget.value_name)
        value = bound.form.data.get(key) or bound.form.initial.get(widget.value_name) or ""
        hidden = format_html('<input type="hidden" name="{}" value="{}" data-combo-value>', key, value)
    return format_html(
        '<div class="combo">{}{}<div class="combo-list" id="{}-list" role="listbox" aria-label="{}"></div></div>',
        control,
        hidden,
        name,
        bound.label or "",
    )


@register.simple_tag
def field(
    bound: BoundField, label: object = "", help: object = "", layout: str = "", **attrs: object
) -> SafeString:
    """One field of a form: label, help, control, counter, error. Further arguments become attributes."""
    widget = bound.field.widget
    if widget.is_hidden:
        return bound.as_widget()
    label, help_text = label or bound.label or "", help or bound.help_text
    most = getattr(bound.field, "max_length", None) if isinstance(widget, forms.Textarea) else None
    described = _described_by(bound, help_text=help_text, most=most)
    wiring: dict[str, Any] = {key.replace("_", "-"): value for key, value in attrs.items()}
    wiring |= {"aria-describedby": described} if described else {}
    wiring |= {"aria-invalid": "true"} if bound.errors else {}
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _group(bound, help_text=help_text, label=label, described=described, layout=layout)
    if isinstance(widget, forms.CheckboxInput):
        return format_html(
            '<div class="field"><label class="check">{}<span>{}</span></label>{}{}</div>',
            bound.as_widget(attrs=wiring),
            label,
            format_html('<p class="field-help" id="{}-help">{}</p>', bound.auto_id, help_text)
            if help_text
            else NOTHING,
            _error(bound),
        )
    css = " ".join(filter(None, ["control", str(widget.attrs.get("class", ""))]))
    count = (
        format_html(
            '<p class="field-count" id="{}-count" data-count-of="{}" data-most="{}">{}</p>',
            bound.auto_id,
            bound.id_for_label,
            most,
            ngettext("at most %(n)s character", "at most %(n)s characters", most) % {"n": most},
        )
        if most
        else NOTHING
    )
    return format_html(
        '<div class="field">{}{}{}{}</div>',
        _head(bound, help_text=help_text, tag="label", label=label),
        _error(bound),
        _control(bound, attrs={"class": css, **wiring}),
        count,
    )


def _group(bound: BoundField, *, help_text: object, label: object, described: str, layout: str) -> SafeString:
    return format_html(
        '<fieldset class="field" id="{}"{}>{}{}<div class="choices{}">{}</div></fieldset>',
        bound.auto_id,
        attributes({"aria-describedby": described}),
        _head(bound, help_text=help_text, tag="legend", label=label),
        _error(bound),
        mark_safe(" choices-row") if layout == "row" else NOTHING,
        _options(bound),
    )


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """Every field of a form in its order."""
    return format_html_join("", "{}", ((field(bound),) for bound in form))


@register.simple_tag
def errors(form: BaseForm) -> SafeString:
    """What is wrong with a form, at its head: each sentence leads to its field."""
    if not form.errors:
        return NOTHING
    lines = [format_html("<li>{}</li>", error) for error in form.non_field_errors()]
    for bound in form:
        target = bound.auto_id if isinstance(bound.field.widget, forms.RadioSelect) else bound.id_for_label
        lines += [
            format_html('<li><a href="#{}">{}</a> {}</li>', target or bound.auto_id, bound.label or "", error)
            for error in bound.errors
        ]
    return format_html(
        '<div class="notice notice-late" role="alert" tabindex="-1" data-errors>{}<div><h2>{}</h2><ul>{}</ul></div></div>',
        icons.icon("circle-alert"),
        _("Please look at this again. Nothing that you typed is lost."),
        format_html_join("", "{}", ((line,) for line in lines)),
    )

"""Tables: the data table with its keyboard, its bulk actions and its pages; and a frame for plain ones."""

from typing import Any

from django.template import Context, Library
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yiwang.kernel.ui import icons
from yiwang.kernel.ui.html import escaped, format_html, format_html_join
from yiwang.kernel.ui.tables import BulkAction, Column, Table

from .words import NOTHING

register = Library()

KIND_CLASSES = {"number": SafeString(' class="number"'), "code": SafeString(' class="nowrap"')}


@register.simple_tag(takes_context=True)
def datatable(context: Context, table: Table) -> SafeString:
    """A whole data table: rows or the reason why there are none, bulk actions, pages."""
    if not table.rows:
        return _nothing_there(table)
    body = format_html(
        '<div class="table-frame" tabindex="0" role="group" aria-label="{}">'
        '<table class="table table-stack" data-rows><caption{}>{}</caption><thead><tr>{}{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}",
        table.caption,
        mark_safe(' class="hidden-words"') if table.is_caption_hidden else NOTHING,
        table.caption,
        _tick_all() if table.has_ticks else NOTHING,
        format_html_join("", "{}", ((_heading(column),) for column in table.columns)),
        _rows(table),
        _foot(table),
    )
    if not table.has_ticks:
        return body
    return format_html(
        '<form method="post" action="{}" data-bulk><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '{}<div class="bulk">{}<span data-bulk-count>{}</span>{}</div></form>',
        table.bulk_url,
        context.get("csrf_token") or "",
        body,
        icons.icon("list-checks"),
        _("With the chosen rows:"),
        format_html_join(" ", "{}", ((_bulk_button(action),) for action in table.bulk)),
    )


def _bulk_button(action: BulkAction) -> SafeString:
    return format_html(
        '<button class="button button-small" type="submit" name="action" value="{}">{}<span>{}</span></button>',
        action.value,
        icons.icon(action.icon) if action.icon else NOTHING,
        action.label,
    )


def _tick_all() -> SafeString:
    return format_html(
        '<th class="tick" scope="col"><input type="checkbox" data-tick-all hidden aria-label="{}">'
        '<span class="hidden-words">{}</span></th>',
        _("Choose all on this page"),
        _("Choose"),
    )


def _heading(column: Column) -> SafeString:
    css = mark_safe(' class="number"') if column.kind == "number" else NOTHING
    if not column.sort_url:
        return format_html('<th scope="col"{}>{}</th>', css, column.label)
    arrow = {"ascending": " ↑", "descending": " ↓"}.get(column.sort, "")
    return format_html(
        '<th scope="col"{}{}><a href="{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', column.sort) if column.sort else NOTHING,
        column.sort_url,
        column.label,
        arrow,
    )


def _rows(table: Table) -> SafeString:
    """All rows; what is the same in every row is drawn once."""
    frames = [(column, *_frame(column)) for column in table.columns]
    choose = _("Choose %(key)s")
    return SafeString("".join([_row(table, row, frames, choose) for row in table.rows]))


def _frame(column: Column) -> tuple[str, str]:
    """What stands before and after a column's cells."""
    css = ' class="main-cell"' if column.is_main else KIND_CLASSES.get(column.kind, NOTHING)
    return f'<td{css} data-label="{escaped(column.label)}">', "</td>"


def _row(table: Table, row: Any, frames: list[tuple[Column, str, str]], choose: str) -> str:
    cells = "".join([f"{before}{_cell(table, column, row)}{after}" for column, before, after in frames])
    if not table.has_ticks or table.row_key is None:
        return f"<tr>{cells}</tr>"
    key = table.row_key(row)
    label = escaped(choose % {"key": key})
    return (
        f'<tr><td class="tick"><input type="checkbox" name="row" value="{escaped(key)}" aria-label="{label}"></td>'
        f"{cells}</tr>"
    )


def _cell(table: Table, column: Column, row: Any) -> str:
    value = column.cell(row)
    words = "" if value is None else escaped(value)
    if column.is_main and table.row_url is not None:
        return f'<a href="{escaped(table.row_url(row))}" data-open>{words}</a>'
    return words


def _foot(table: Table) -> SafeString:
    if not (table.total or table.previous_url or table.next_url):
        return NOTHING
    return format_html(
        '<div class="table-foot"><span>{}</span>{}</div>',
        table.total,
        pager(previous_url=table.previous_url, next_url=table.next_url, label=table.caption),
    )


def _nothing_there(table: Table) -> SafeString:
    return format_html(
        '<div class="empty">{}<h2>{}</h2>{}{}</div>',
        icons.icon("inbox", size="large"),
        table.empty_title or _("Nothing here"),
        format_html("<p>{}</p>", table.empty_words) if table.empty_words else NOTHING,
        format_html_join(
            " ", '<a class="button" href="{}">{}</a>', ((link.url, link.label) for link in table.empty_links)
        ),
    )


@register.simple_tag
def pager(previous_url: str = "", next_url: str = "", label: object = "") -> SafeString:
    """The way to the page before and the page after."""
    if not (previous_url or next_url):
        return NOTHING
    return format_html(
        '<nav class="pager" aria-label="{}">{}{}</nav>',
        f"{label} · {_('Pages')}" if label else _("Pages"),
        format_html(
            '<a class="button button-small" rel="prev" href="{}">{}<span>{}</span></a>',
            previous_url,
            icons.icon("chevron-left"),
            _("Previous page"),
        )
        if previous_url
        else NOTHING,
        format_html(
            '<a class="button button-small" rel="next" href="{}"><span>{}</span>{}</a>',
            next_url,
            _("Next page"),
            icons.icon("chevron-right"),
        )
        if next_url
        else NOTHING,
    )


@register.simple_block_tag
def table(
    content: str, caption: object, is_caption_hidden: object = False, is_stacked: object = False
) -> SafeString:
    """A frame for a hand-written table: give `<thead>` and `<tbody>` as the content.

    With `is_stacked` each row becomes a small list on a phone: give the first cell the class `main-cell` and the
    others their heading as `data-label`.
    """
    return format_html(
        '<div class="table-frame" tabindex="0" role="group" aria-label="{}"><table class="table{}">'
        "<caption{}>{}</caption>{}</table></div>",
        caption,
        " table-stack" if is_stacked else "",
        mark_safe(' class="hidden-words"') if is_caption_hidden else NOTHING,
        caption,
        content,
    )

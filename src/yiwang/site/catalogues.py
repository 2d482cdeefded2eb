"""The language catalogues: what is said in code and templates, drawn out, compared and compiled.

Pure Python, so that no gettext tools are needed. Each app keeps its own
`locale/zh_Hans/LC_MESSAGES/django.po`, sorted and without dates or line numbers: a file changes only when
the words do. The English text is the message id, so English has no catalogue.

    python -m yiwang.site.catalogues            draw out, report what lacks a translation, compile
    python -m yiwang.site.catalogues --check    change nothing, exit with 1 if anything is wrong
    python -m yiwang.site.catalogues --compile  only compile
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from yiwang.kernel.base.problems import Problem

SOURCE = Path(__file__).resolve().parents[1]
LOCALE = "zh_Hans"
KEYWORDS = {
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "_": (1,),
    "N_": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa%]|\{\w*\}")

Key = tuple[str | None, str]
"""Context and message id."""


@dataclass(frozen=True)
class App:
    """One module with words of its own."""

    folder: Path

    @property
    def po(self) -> Path:
        """The catalogue that people edit."""
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        """The compiled catalogue, made from the other and never committed."""
        return self.po.with_suffix(".mo")


def apps(source: Path = SOURCE) -> list[App]:
    """Every module of the source tree: a package two floors down, and the site."""
    floors = [folder for folder in sorted(source.iterdir()) if (folder / "__init__.py").exists()]
    found = []
    for floor in floors:
        inner = [folder for folder in sorted(floor.iterdir()) if (folder / "__init__.py").exists()]
        found += [floor] if floor.name == "site" else inner
    return [App(folder) for folder in found]


def drawn_out(app: App) -> Catalog:
    """Every message of one app, from its Python files and templates."""
    catalogue = _empty()
    for path in sorted(app.folder.rglob("*.py")):
        if "migrations" not in path.parts:
            _enter(catalogue, path.read_bytes())
    templates = [path for path in sorted(app.folder.rglob("*")) if path.suffix in (".html", ".txt", ".svg")]
    for path in templates:
        if "templates" in path.parts:
            _enter(catalogue, _python_of(path))
    return catalogue


def kept(app: App) -> Catalog:
    """What stands in the app's catalogue; empty if there is none."""
    if not app.po.exists():
        return _empty()
    with app.po.open("rb") as file:
        try:
            # Without a locale, so that a file made by other tools with two plural forms can be read.
            return read_po(file, abort_invalid=True)
        except PoFileError as error:
            raise Problem(
                f"The catalogue {app.po} can't be read: {error}.", f"语言目录 {app.po} 无法读取：{error}。"
            ) from error


def renewed(app: App) -> Catalog:
    """The catalogue as it should be: every message in use, with the translation it has."""
    before, fresh = kept(app), drawn_out(app)
    for message in _messages(fresh):
        known = before.get(_single(message.id), message.context)
        if known is not None and _same_shape(known, message):
            message.string = _one_form(known.string)
            message.user_comments = known.user_comments
            if known.fuzzy:
                message.flags.add("fuzzy")
    return fresh


def faults(app: App) -> list[str]:
    """What is wrong with the app's catalogue, one sentence each; nothing if all is well."""
    before, fresh = kept(app), drawn_out(app)
    used = {_key(message): message for message in _messages(fresh)}
    known = {_key(message): message for message in _messages(before)}
    where = app.po.relative_to(app.folder.parents[1])
    found = [f"{where}: missing: {_shown(key)}" for key in used if key not in known]
    found += [f"{where}: no longer used: {_shown(key)}" for key in known if key not in used]
    found += [f"{where}: obsolete: {_shown(key)}" for key in map(_key, before.obsolete.values())]
    for key, message in known.items():
        if key not in used:
            continue
        if message.fuzzy:
            found.append(f"{where}: fuzzy: {_shown(key)}")
        if not _is_translated(message):
            found.append(f"{where}: untranslated: {_shown(key)}")
        elif _is_formatted(used[key]) and not _placeholders_agree(message):
            found.append(f"{where}: placeholders differ: {_shown(key)}")
    return found


def disagreements(chosen: list[App]) -> list[str]:
    """Words that two modules translate differently; all catalogues become one, so a page would show either."""
    said: dict[Key, tuple[str, object]] = {}
    found = []
    for app in chosen:
        for message in _messages(kept(app)):
            name, string = said.setdefault(_key(message), (app.folder.name, _one_form(message.string)))
            if string != _one_form(message.string):
                found.append(f"{name} and {app.folder.name} differ: {_shown(_key(message))}")
    return found


def write(app: App) -> bool:
    """Bring the app's catalogue up to date; true if the file changed."""
    fresh = renewed(app)
    if not len(fresh) and not app.po.exists():
        return False
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=100, no_location=True, omit_header=True, sort_output=True)
    text = _HEADER + buffer.getvalue().strip() + b"\n"
    if app.po.exists() and app.po.read_bytes() == text:
        return False
    app.po.parent.mkdir(parents=True, exist_ok=True)
    app.po.write_bytes(text)
    return True


def compile_stale(source: Path = SOURCE) -> int:
    """Compile every catalogue that is newer than its compiled form, and say how many those were.

    The file appears by renaming, so that a process that starts meanwhile never reads half of it.
    """
    done = 0
    for app in apps(source):
        if not app.po.exists():
            continue
        if app.mo.exists() and app.mo.stat().st_mtime >= app.po.stat().st_mtime:
            continue
        fresh = app.mo.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, kept(app))
        fresh.replace(app.mo)
        done += 1
    return done


def main(arguments: list[str] | None = None, *, source: Path = SOURCE) -> int:
    """Draw out, report and compile, or only check; exit code 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m yiwang.site.catalogues", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--compile", action="store_true", help="only compile")
    parser.add_argument("app", nargs="*", help="only these apps, by name (default: all)")
    options = parser.parse_args(arguments)
    chosen = [app for app in apps(source) if not options.app or app.folder.name in options.app]
    _set_up_templates()
    try:
        if options.compile:
            compile_stale(source)
            return 0
        return _run(chosen, source=source, is_check=options.check)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1


def _run(chosen: list[App], *, source: Path, is_check: bool) -> int:
    if not is_check:
        for app in chosen:
            if write(app):
                print(f"written: {app.po.relative_to(source)}")
    found = [fault for app in chosen for fault in faults(app)] + disagreements(chosen)
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(chosen)} catalogues, {len(found)} faults")
    if not is_check:
        compile_stale(source)
    return 1 if found else 0


_HEADER = b"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def _set_up_templates() -> None:
    """Django's template lexer reads a few settings; the defaults do."""
    from django.conf import settings

    if not settings.configured:
        settings.configure()


def _empty() -> Catalog:
    return Catalog(locale=LOCALE, charset="utf-8", fuzzy=False)


def _python_of(template: Path) -> bytes:
    """A template as the Python-like text that Django makes of it for extraction."""
    from django.utils.translation.template import templatize

    return templatize(template.read_text(encoding="utf-8"), origin=str(template)).encode()


def _enter(catalogue: Catalog, source: bytes) -> None:
    found = extract_python(io.BytesIO(source), cast(Any, KEYWORDS), [], {"encoding": "utf-8"})
    for _line, function, given, _comments in found:
        context, ids = _arguments(KEYWORDS[str(function)], given)
        if ids:
            catalogue.add(ids if len(ids) > 1 else ids[0], context=context)


def _arguments(spec: tuple[object, ...], given: object) -> tuple[str | None, tuple[str, ...]]:
    """Which of a call's arguments are context and messages; nothing when they aren't plain strings."""
    values = list(given) if isinstance(given, (tuple, list)) else [given]
    context: str | None = None
    ids: list[str] = []
    for part in spec:
        position = part[0] if isinstance(part, tuple) else part
        assert isinstance(position, int)
        value = values[position - 1] if position <= len(values) else None
        if not isinstance(value, str) or not value:
            return None, ()
        if isinstance(part, tuple):
            context = value
        else:
            ids.append(value)
    return context, tuple(ids)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _single(ids: object) -> str:
    return str(ids[0]) if isinstance(ids, (tuple, list)) else str(ids)


def _key(message: Message) -> Key:
    return message.context, _single(message.id)


def _shown(key: Key) -> str:
    context, text = key
    return f"{text!r}" + (f" ({context})" if context else "")


def _same_shape(one: Message, other: Message) -> bool:
    return isinstance(one.id, str) == isinstance(other.id, str)


def _one_form(string: Any) -> Any:
    """Chinese has one plural form; what other tools added is left out."""
    return tuple(string[:1]) if isinstance(string, (tuple, list)) else string


def _strings(message: Message) -> list[str]:
    string = message.string
    return [str(part) for part in string] if isinstance(string, (tuple, list)) else [str(string or "")]


def _is_translated(message: Message) -> bool:
    return all(part.strip() for part in _strings(message))


def _is_formatted(message: Message) -> bool:
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    return bool(_PLACEHOLDER.search(" ".join(ids)))


def _placeholders_agree(message: Message) -> bool:
    """Whether each translation fills in the same things; a plural's singular may leave the number out."""
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    wanted = sorted(_PLACEHOLDER.findall(ids[-1]))
    return all(sorted(_PLACEHOLDER.findall(part)) == wanted for part in _strings(message))


if __name__ == "__main__":
    sys.exit(main())

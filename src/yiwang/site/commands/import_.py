"""`yiwang import`: bring in what another system kept."""

import argparse
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, progress, report

FIRST_DAY = date(2000, 1, 1)
"""From when a petition office made for an import exists: before any message that it may bring."""

name = "import"
help = "bring in what another system kept"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is imported, and from which file."""
    kinds = parser.add_subparsers(metavar="WHAT", required=True)
    messages = kinds.add_parser(
        "messages", help="messages of citizens with their replies, one JSON object a line"
    )
    messages.add_argument("file", metavar="FILE.jsonl", type=Path, help="the file, in UTF-8")
    messages.add_argument(
        "--office", metavar="CODE", help="the petition office's unit code, when there are several"
    )
    json_flag(messages)
    classes = kinds.add_parser("categories", help="the county's own content classes, one JSON object a line")
    classes.add_argument("file", metavar="FILE.jsonl", type=Path, help="lines with level1, level2, level3")
    json_flag(classes)
    classes.set_defaults(run=run_categories)
    services = kinds.add_parser("catalogue", help="the service centre's catalogue, a class or an item a line")
    services.add_argument("file", metavar="FILE.txt", type=Path, help="lines as in the house's own catalogue")
    json_flag(services)
    services.set_defaults(run=run_catalogue)
    county = kinds.add_parser("map", help="the county's map: areas and rivers as GeoJSON in WGS 84")
    county.add_argument("file", metavar="FILE.geojson", type=Path, help="areas with `name`, lines for rivers")
    json_flag(county)
    county.set_defaults(run=run_map)
    laws = kinds.add_parser(
        "laws", help="statutes: a folder, a ZIP or TAR archive, or a database of articles"
    )
    laws.add_argument("source", metavar="FOLDER", type=Path, help="the folder, archive or database")
    json_flag(laws)
    laws.set_defaults(run=run_laws)


def run(options: argparse.Namespace) -> int:
    """Bring every line in and account for each; 1 when the file held lines and none of them was good."""
    try:
        size = options.file.stat().st_size
        file = options.file.open("rb")
    except OSError as error:
        raise Problem(
            f"{options.file} can't be read: {error.strerror}.", f"无法读取 {options.file}：{error.strerror}。"
        ) from None
    with file, database.ready():
        result = _import(file, size=size, office_code=options.office)
    report(result["counts"], options=options, lines=lambda: _lines(result))
    counts = result["counts"]
    return 1 if counts["read"] and counts["refused"] == counts["read"] else 0


def _import(file: Any, *, size: int, office_code: str | None) -> dict[str, Any]:
    from django.utils import timezone, translation
    from django.utils.translation import gettext

    from yiwang.institutions.petitions.imports import import_messages
    from yiwang.kernel.base.jsonlines import read_lines

    with progress() as bar, translation.override("en"):
        task = bar.add_task("messages", total=size)
        summary = import_messages(
            read_lines(file),
            office=_office(office_code),
            at=timezone.now(),
            told=lambda count: bar.update(task, completed=file.tell()),
        )
        errors = [
            {"line": error.line, "reason": gettext(error.reason) % dict(error.values)}
            for error in summary.errors
        ]
    counts = {
        "read": summary.read,
        "new": summary.new,
        "known": summary.known,
        "refused": summary.refused,
        "errors": errors,
    }
    return {"counts": counts, "completed": summary.completed}


def _office(code: str | None) -> Any:
    """The unit that takes petitions in; raises `Problem` when there is none or more than one."""
    from django.utils import timezone

    from yiwang.kernel.orgs.queries import tree

    offices = tree().with_function("petitions.intake", on=timezone.localdate())
    if code is not None:
        offices = [unit for unit in offices if unit.code == code]
    if len(offices) == 1:
        return offices[0]
    if not tree().units and code is None:
        return _first_office()
    if offices:
        codes = ", ".join(unit.code for unit in offices)
        raise Problem(
            f"Several units take petitions in; name one with --office: {codes}.",
            f"有多个单位受理信访，请用 --office 指定：{codes}。",
        )
    raise Problem(
        "No unit takes petitions in yet; make the petition office first, or start with YIWANG_DEMO=1.",
        "尚无受理信访的单位；请先建立信访局，或以 YIWANG_DEMO=1 启动演示县。",
    )


def _first_office() -> Any:
    """A petition office for a house without a single unit, so that an import can be the first thing done."""
    from yiwang.kernel.orgs.actions import found_unit

    print(
        "This house has no units yet; the messages go to a new 信访局. Rename it and add others under Units.\n"
        "尚无任何单位；来信归入新建的“信访局”，可在“单位”中改名并增设其他单位。",
        file=sys.stderr,
    )
    county = found_unit(code="county", name="县", name_en="County", kind="county", valid_from_on=FIRST_DAY)
    return found_unit(
        code="office",
        name="信访局",
        name_en="Petition Office",
        kind="office",
        parent=county,
        functions=("petitions.intake",),
        valid_from_on=FIRST_DAY,
    )


def _lines(result: dict[str, Any]) -> list[str]:
    counts = result["counts"]
    lines = [f"{key} {counts[key]}" for key in ("read", "new", "known", "refused")]
    if result["completed"]:
        lines.append(f"replies added to known messages {result['completed']}")
    return lines + [f"line {error['line']}: {error['reason']}" for error in counts["errors"]]


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise Problem(
            f"{file} can't be read: {error.strerror}.", f"无法读取 {file}：{error.strerror}。"
        ) from None
    except UnicodeDecodeError:
        raise Problem(f"{file} isn't in UTF-8.", f"{file} 不是 UTF-8 编码。") from None


def run_catalogue(options: argparse.Namespace) -> int:
    """Enter new services and give changed ones a new version; 1 when the file held items and none was good."""
    lines = _read(options.file)
    with database.ready():
        from django.utils import timezone

        from yiwang.institutions.community.actions import import_catalogue

        counts = asdict(import_catalogue(lines, at=timezone.now()))
    words = "{read} read, {new} new, {changed} in a new version, {known} known, {refused} refused"
    told = [
        words.format(**counts),
        *(f"line {error['line']}: {error['reason']}" for error in counts["errors"]),
    ]
    report(counts, options=options, lines=lambda: told)
    return 1 if counts["read"] and counts["refused"] == counts["read"] else 0


def run_map(options: argparse.Namespace) -> int:
    """Draw the county's own map from now on, in place of the one before."""
    text = "\n".join(_read(options.file))
    with database.ready():
        from django.utils import timezone

        from yiwang.facilities.dispatch.actions import change_map

        shapes = change_map(text, at=timezone.now())
    counts = {"shapes": len(shapes.features), "points": shapes.points, "left_out": shapes.left_out}
    words = "{shapes} shapes with {points} points are drawn, {left_out} features left out"
    report(counts, options=options, lines=lambda: [words.format(**counts)])
    return 0


def run_categories(options: argparse.Namespace) -> int:
    """Load the list in place of the present one; 1 when the file held lines and none of them was good."""
    lines = _read(options.file)
    with database.ready():
        from yiwang.institutions.petitions.actions import import_categories

        counts = asdict(import_categories(lines))
    report(counts, options=options, lines=lambda: _told(counts))
    return 1 if counts["read"] and counts["refused"] == counts["read"] else 0


def _told(counts: dict[str, Any]) -> list[str]:
    words = "{read} read, {new} new, {known} known, {refused} refused, {retired} no longer offered"
    return [
        words.format(**counts),
        *(f"line {error['line']}: {error['reason']}" for error in counts["errors"]),
    ]


def run_laws(options: argparse.Namespace) -> int:
    """Load every text and say what couldn't be read; 1 when there were texts and none of them could."""
    began = time.monotonic()
    # The word index is built once after many texts, which only the tables' owner can do.
    with database.ready(as_owner=True):
        result = _load_laws(options.source)
    result["seconds"] = round(time.monotonic() - began, 1)
    report(result, options=options, lines=lambda: _told_of_laws(result))
    return 1 if result["read"] and not (result["new"] + result["changed"] + result["known"]) else 0


def _load_laws(source: Path) -> dict[str, Any]:
    from django.utils import timezone, translation

    from yiwang.facilities.lawbook import actions, amending, sources, words

    try:
        with progress() as bar, sources.opened(source) as (number, texts):
            task = bar.add_task("laws", total=number)
            summary = actions.load(
                texts,
                source=source.name,
                at=timezone.now(),
                told=lambda done: bar.update(task, completed=done),
            )
        # A load that wrote nothing looks at every work: so a release that reads amendments better comes in.
        amending.record_changes(summary.versions if summary.wrote else None)
    except OSError as error:
        raise Problem(
            f"{source} can't be read: {error.strerror}.", f"无法读取 {source}：{error.strerror}。"
        ) from None
    except sources.NotReadable as error:
        raise Problem(
            f"{error} is no folder, archive or database of laws.",
            f"{error} 不是法规的文件夹、压缩包或数据库。",
        ) from None
    with translation.override("en"):
        errors = [
            {
                "file": one.name,
                "reason": words.fault_words(one.reason),
                "about": one.about,
                "refused": one.is_refused,
            }
            for one in summary.findings
        ]
    return {**summary.counts, "errors": errors}


def _told_of_laws(result: dict[str, Any]) -> list[str]:
    told = (
        f"{result['read']:,} texts read: {result['new']:,} versions new, {result['changed']:,} changed, "
        f"{result['known']:,} known, {result['articles']:,} articles written, {result['refused']:,} texts not taken; "
        f"{result['seconds']} seconds"
    )
    return [told, *(f"{one['file']}: {one['reason']} {one['about']}".rstrip() for one in result["errors"])]

"""`yiwang archive`: begin a fonds, make a transfer package, check one, take one in, check what is kept."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "archive"
help = "begin a fonds; make, check or take in a transfer package; check what is kept"


def arguments(parser: argparse.ArgumentParser) -> None:
    """One of five verbs."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    found = verbs.add_parser("found", help="begin the archives of a unit")
    found.add_argument("unit", help="code of the unit that keeps it")
    found.add_argument("number", help="number of the fonds, from the county archives")
    json_flag(found)
    found.set_defaults(act=_found)
    export = verbs.add_parser("export", help="make a transfer package")
    export.add_argument("package", type=Path, help="a new folder, or a new file that ends in .zip")
    export.add_argument("--fonds", required=True, metavar="NUMBER", help="number of the fonds")
    export.add_argument("--year", type=int, help="only this year")
    export.add_argument("--period", choices=["Y", "D30", "D10"], help="only this period")
    export.add_argument(
        "--at",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="time that the package carries (default: now)",
    )
    json_flag(export)
    export.set_defaults(act=_export)
    verify = verbs.add_parser("verify", help="check a package by itself; needs no database")
    verify.add_argument("package", type=Path, help="the folder or zip")
    json_flag(verify)
    verify.set_defaults(act=_verify)
    take_in = verbs.add_parser("import", help="take a sound package in")
    take_in.add_argument("package", type=Path, help="the folder or zip")
    take_in.add_argument("--unit", metavar="CODE", help="unit that keeps the fonds, when it isn't here yet")
    json_flag(take_in)
    take_in.set_defaults(act=_import)
    check = verbs.add_parser("check", help="the four properties of a fonds; reads every byte again")
    check.add_argument("fonds", metavar="NUMBER", help="number of the fonds")
    json_flag(check)
    check.set_defaults(act=_check)


def run(options: argparse.Namespace) -> int:
    """Do what the verb says."""
    code: int = options.act(options)
    return code


def _found(options: argparse.Namespace) -> int:
    with database.ready():
        from django.utils import timezone

        from yiwang.facilities.archive.actions import found_fonds
        from yiwang.kernel.access.locks import acting_as_system
        from yiwang.kernel.access.rules import SYSTEM

        with acting_as_system():
            unit = _unit(options.unit)
            fonds = found_fonds(unit, number=options.number, by=SYSTEM, at=timezone.now())
        result = {"fonds": fonds.number, "unit": unit.name}
        report(result, options=options, lines=lambda: [f"{fonds.number} {unit.name}"])
    return 0


def _unit(code: str) -> Any:
    from yiwang.kernel.orgs.models import Unit

    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Problem(f"There is no unit with the code {code}.", f"没有代码为 {code} 的单位。")
    return found


def _fonds(number: str) -> Any:
    from yiwang.facilities.archive.models import Fonds

    found = Fonds.objects.filter(number=number).first()
    if found is None:
        raise Problem(f"There is no fonds {number}.", f"没有全宗 {number}。")
    return found


def _export(options: argparse.Namespace) -> int:
    with database.ready():
        from django.utils import timezone

        from yiwang.facilities.archive import package
        from yiwang.facilities.archive.actions_packages import enter_package
        from yiwang.facilities.archive.queries import for_package
        from yiwang.kernel.access.locks import acting_as_system

        with acting_as_system():
            fonds = _fonds(options.fonds)
            units = for_package(fonds, year=options.year, period=options.period)
            if not units:
                raise Problem("No file unit has a number there yet.", "该范围内还没有已编号的文件。")
            made_at = timezone.localtime(options.at) if options.at else timezone.localtime()
            manifest = package.write(fonds, units, to=options.package, at=made_at)
            enter_package(
                fonds, units, manifest, lies_at=options.package, year=options.year, period=options.period or "", at=made_at
            )  # fmt: skip
        result = {"package": str(options.package), "units": len(units), "files": len(manifest["files"])}
        report(result, options=options, lines=lambda: [f"{options.package}  {len(units)} 件"])
    return 0


def _verify(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from yiwang.facilities.archive import package

    verdict = package.verify(options.package)

    def lines() -> Iterator[str]:
        yield f"{'sound' if verdict.is_sound else 'NOT SOUND'}  {verdict.units} 件  {verdict.files} files"
        for one in verdict.findings:
            yield f"  {one.property}: {one.sentence} {one.chinese}"

    report(verdict.as_json(), options=options, lines=lines)
    return 0 if verdict.is_sound else 1


def _import(options: argparse.Namespace) -> int:
    with database.ready():
        from django.utils import timezone

        from yiwang.facilities.archive import package
        from yiwang.kernel.access.locks import acting_as_system

        verdict = package.verify(options.package)
        if not verdict.is_sound:
            raise Problem(
                "The package isn't sound; `yiwang archive verify` says what is wrong. Nothing was taken in.",
                "归档包有问题，请用 yiwang archive verify 查看；未导入任何内容。",
            )
        with acting_as_system():
            unit = _unit(options.unit) if options.unit else None
            new, known = package.load(options.package, unit=unit, at=timezone.now())
        result = {"new": new, "known": known}
        report(result, options=options, lines=lambda: [f"{new} new, {known} here already"])
    return 0


def _check(options: argparse.Namespace) -> int:
    with database.ready():
        from django.utils import translation

        from yiwang.facilities.archive.queries import four_checks
        from yiwang.facilities.archive.shown import FAULT_WORDS
        from yiwang.kernel.access.locks import acting_as_system

        with acting_as_system(), translation.override("zh-hans"):
            checks = four_checks(_fonds(options.fonds), reads_bytes=True)
            is_sound = all(check.is_sound for check in checks)
            result = {
                "is_sound": is_sound,
                "properties": {
                    check.name: {
                        "is_sound": check.is_sound,
                        "looked_at": check.looked_at,
                        "faults": [{"where": where, "kind": what} for where, what in check.faults],
                    }
                    for check in checks
                },
            }

            def lines() -> Iterator[str]:
                for check in checks:
                    yield f"{check.name}: {'sound' if check.is_sound else 'NOT SOUND'} ({check.looked_at})"
                    yield from (f"  {where}  {FAULT_WORDS[what]}" for where, what in check.faults)

            report(result, options=options, lines=lines)
    return 0 if is_sound else 1

"""`python -m benchmarks.numbers`: two hundred document numbers drawn at once, without a gap or a twin.

    python -m benchmarks.numbers --parallel 20 --numbers 200

The database is an embedded one in `--folder`, filled with the demo county's units at the first run. Every fifth
transaction more is undone on purpose; its number must be given to somebody else. Times are those of a shared
machine; the ratio of many at once to one by one doesn't depend on it.
"""

import argparse
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main() -> None:
    """Measure and say it; exits with 1 when a number is missing or was given twice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.numbers", description=__doc__.splitlines()[0])
    parser.add_argument("--numbers", type=int, default=200)
    parser.add_argument("--parallel", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/yiwang-benchmarks/numbers"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    options.folder.chmod(0o711)
    os.environ["YIWANG_DATA"] = str(options.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    from yiwang.site import database

    with database.ready(as_owner=True, is_migrating=True):
        from yiwang.site import upgrade

        upgrade.migrate()
        lines, is_sound = _measured(options)
    print("\n".join(lines))
    raise SystemExit(0 if is_sound else 1)


def _measured(options: argparse.Namespace) -> tuple[list[str], bool]:
    from django.db import connections, transaction
    from django.utils import timezone

    from yiwang.facilities.office.actions.numbering import draw
    from yiwang.facilities.office.models import DocumentNumber, NumberSeries
    from yiwang.kernel.orgs.actions import found_unit
    from yiwang.kernel.orgs.models import Unit

    at = timezone.now()
    unit = Unit.objects.first() or found_unit(
        code="county", name="云川县人民政府", kind="county", valid_from_on=at.date()
    )

    def run(parallel: int) -> tuple[list[float], float, list[int]]:
        """Draw the numbers with so many connections; every fifth more is undone."""
        mark = "云基" + "甲乙丙丁戊己庚辛壬癸"[NumberSeries.objects.count() % 10]
        series = NumberSeries.objects.create(
            unit=unit, mark=f"{mark}{'测' * (NumberSeries.objects.count() // 10)}"
        )

        def one(place: int) -> float:
            began = time.perf_counter()
            try:
                with transaction.atomic():
                    draw(series, document=None, reason="benchmark", by=None, at=at)
                    if place % 5 == 4:
                        raise InterruptedError
            except InterruptedError:
                pass
            return time.perf_counter() - began

        began = time.perf_counter()
        with ThreadPoolExecutor(parallel, initializer=connections.close_all) as pool:
            took = list(pool.map(one, range(options.numbers * 5 // 4)))
        whole = time.perf_counter() - began
        numbers = (
            DocumentNumber.objects.filter(series=series).order_by("number").values_list("number", flat=True)
        )
        return took, whole, list(numbers)

    alone, alone_whole, _numbers = run(1)
    took, whole, numbers = run(options.parallel)
    is_sound = numbers == list(range(1, options.numbers + 1))
    lines = [
        f"| {options.numbers} numbers | whole | p50 | p99 |",
        "|---|--:|--:|--:|",
        _row("one by one", alone, alone_whole),
        _row(f"{options.parallel} connections at once", took, whole),
        f"gaps and twins: {'none' if is_sound else 'FOUND'} (ratio of the whole: {whole / alone_whole:.2f})",
    ]
    return lines, is_sound


def _row(what: str, took: list[float], whole: float) -> str:
    cuts = statistics.quantiles(took, n=100)
    return f"| {what} | {whole:.2f} s | {cuts[49] * 1000:.1f} ms | {cuts[98] * 1000:.1f} ms |"


if __name__ == "__main__":
    main()

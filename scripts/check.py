"""The fast gates, two at a time: form, lint, types, contracts, templates, catalogues, documents.

Prints one line for each gate and the words of those that fail; exits with 1 if any does.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CODE = [name for name in ("src", "tests", "benchmarks", "scripts") if (ROOT / name).exists()]

GATES: list[tuple[str, list[str]]] = [
    ("types", ["mypy"]),
    ("form", ["ruff", "format", "--check", "--quiet", *CODE]),
    ("lint", ["ruff", "check", "--quiet", *CODE]),
    ("floors", ["lint-imports", "--no-cache"]),
    ("templates", ["djlint", "--lint", "--quiet", "src"]),
    ("catalogues", ["python", "-m", "yiwang.site.catalogues", "--check"]),
    # What a page tells to type in a shell is tried by `make test`: that makes whole installations.
    ("documents", ["python", "-m", "pytest", "tests/docs", "-m", "not server"]),
]


def main() -> int:
    """Run every gate and say how it went."""
    if not (ROOT / "tests/docs").exists():
        GATES.pop()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda gate: run(*gate), GATES))
    return 0 if all(results) else 1


def run(name: str, command: list[str]) -> bool:
    """Run one gate and print its line."""
    began = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "YIWANG_SECRET_KEY": "only-for-checks"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    is_good = done.returncode == 0
    line = f"{'ok  ' if is_good else 'FAIL'} {name:<11} {time.monotonic() - began:5.1f} s"
    print(line if is_good else f"{line}\n{done.stdout.rstrip()}", flush=True)
    return is_good


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.faults`: each fault that must be survived, brought about once for real, with what it cost.

    python -m benchmarks.faults --report

It runs the tests that bring the faults about (a browser, SIP, real processes that are killed) and reads the seconds that
they note. Without Chromium those with a browser are said to be missing; whatever fails is said to have failed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "reference" / "performance-faults.md"
VOICE = "tests/facilities/hotline/voice/"


@dataclass(frozen=True)
class Brought:
    """A fault: how it is brought about, by which test, what is asked of it, and the words for what was noted."""

    fault: str
    test: str
    aim: str
    words: str


FAULTS = (
    Brought(
        "The agent's tab dies in a call, without goodbye",
        VOICE + "test_faults.py::test_a_caller_whose_agent_s_tab_dies_hears_music_and_the_agent_again_after_reload",
        "the caller hears music; both hear each other within 3 s of the page's return",
        "music; both heard each other {seconds} s after the agent's line came back",
    ),
    Brought(
        "The agent loads the console anew in a call (Chromium)",
        VOICE + "test_browser_call.py::test_the_console_is_a_telephone_that_survives_its_page_and_its_server",
        "both hear each other within 3 s of the reload",
        "both heard each other {seconds} s after the reload began",
    ),
    Brought(
        "The processes that serve pages are killed (`kill -9`) in a call",
        VOICE + "test_browser_call.py::test_the_console_is_a_telephone_that_survives_its_page_and_its_server",
        "no call drops",
        "the call went on: the agent's tone was {tone} of what the caller heard in the second after",
    ),
    Brought(
        "The voice process is killed (`kill -9`) and started again",
        VOICE + "test_faults.py::test_the_site_starts_a_killed_telephone_again_and_its_callers_are_called_back",
        "every live caller is a call-back within 10 s",
        "the call-back stood after {seconds} s; the next call was served",
    ),
    Brought(
        "The voice process is killed and stays away",
        VOICE + "test_faults.py::test_callers_of_a_process_that_stays_away_are_called_back",
        "every live caller is a call-back within 10 s",
        "the call-back stood after {seconds} s, told by the worker",
    ),
    Brought(
        "A team's phone has no network from opening the page to the end of the work (Chromium)",
        "tests/browser/test_team_phone.py::test_an_hour_with_no_network_at_all_from_opening_the_page_to_the_work_s_end",
        "its work arrives once",
        "{acts} acts arrived once each, {seconds} s after the network was back; the page was closed and opened twice meanwhile",
    ),
)  # fmt: skip


def main() -> None:
    """Bring them about, say what came of each; write the page with `--report`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    found = brought_about()
    lines = list(table(found))
    print("\n".join(lines))
    if options.report:
        REPORT.write_text(page(lines, before=before, after=os.getloadavg()[0]), encoding="utf-8")
    if any(FAILED in line for line in lines):
        sys.exit(1)


FAILED, MISSING = "**failed**", "not run here"


def brought_about() -> dict[str, Mapping[str, str] | str]:
    """What each test noted, or that it failed or was left out."""
    tests = sorted({one.test for one in FAULTS})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.xml"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n",
                "0",
                "-o",
                "junit_family=xunit1",
                f"--junitxml={path}",
                *tests,
            ],
            cwd=ROOT,
            stdout=sys.stderr,
            check=False,
        )
        cases = ElementTree.parse(path).getroot().iter("testcase")
        return {str(case.get("name")): _noted(case) for case in cases}


def _noted(case: ElementTree.Element) -> Mapping[str, str] | str:
    if case.find("failure") is not None or case.find("error") is not None:
        return FAILED
    if case.find("skipped") is not None:
        return MISSING
    return {str(one.get("name")): _figure(one) for one in case.iter("property")}


def _figure(one: ElementTree.Element) -> str:
    value = float(one.get("value", ""))
    return (
        f"{value:.0%}"
        if one.get("name") == "tone"
        else f"{value:.0f}"
        if value.is_integer()
        else f"{value:.2f}"
    )


def table(found: Mapping[str, Mapping[str, str] | str]) -> Iterator[str]:
    """The lines of the table."""
    yield "| what is done | what is asked | what came of it |"
    yield "|---|---|---|"
    for one in FAULTS:
        noted = found.get(one.test.rpartition("::")[2], MISSING)
        came = noted if isinstance(noted, str) else one.words.format(**noted)
        yield f"| {one.fault} | {one.aim} | {came} |"


def page(lines: list[str], *, before: float, after: float) -> str:
    """The page."""
    return f"""# What may fail, brought about

Written by `python -m benchmarks.faults --report` on {time.strftime("%Y-%m-%d")}; nothing here is typed by hand.
Each line is a test that kills real processes or takes a real network away, run once; load average {before:.1f} before and {after:.1f} after.
Callers are made by machine and heard by their tones. The hour without a network is not waited out: the phone's page is closed
and opened without one, and that a phone's own times count up to a day back is tested beside it. How it works: [The telephone](../explanation/telephony.md), [Dispatch](../explanation/dispatch.md).

{chr(10).join(lines)}
"""


if __name__ == "__main__":
    main()

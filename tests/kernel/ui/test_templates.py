"""What holds for every template of the whole project: nothing that the content security policy forbids."""

import re
from pathlib import Path

import pytest

import yiwang

ROOT = Path(yiwang.__file__).parent
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))

FORBIDDEN = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?javascript:", re.I),
    "address of another house": re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I),
    "evaluated attribute": re.compile(r"\bhx-(?:on|vals=['\"]js)", re.I),
}


def test_there_are_templates_to_look_at():
    assert ROOT / "kernel/ui/templates/ui/base.html" in TEMPLATES


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_holds_what_the_policy_forbids(rule):
    found = {
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in TEMPLATES
        for match in FORBIDDEN[rule].finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("inline style", '<p style="x">'),
        ("inline handler", '<a onclick="x">'),
        ("inline script", "<script>1</script>"),
        ("script address", '<a href="javascript:x">'),
        ("address of another house", '<img src="//x">'),
        ("evaluated attribute", '<p hx-on:click="x">'),
    ],
)
def test_the_rules_can_find_something(rule, text):
    assert FORBIDDEN[rule].search(text)

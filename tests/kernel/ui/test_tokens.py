"""The colours: every declared pair reaches its contrast, by day and by night, in both stylesheets."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\b")


def stylesheet(name: str) -> str:
    return Path(str(finders.find(f"ui/{name}"))).read_text(encoding="utf-8")


def tokens(css: str) -> dict[str, dict[str, str]]:
    """The colour tokens of both modes; the dark ones lie over the light ones."""
    light, _, dark = css.partition("prefers-color-scheme")
    dark = dark.partition("@layer base")[0].partition("*,::before")[0]
    by_day = dict(TOKEN.findall(light))
    return {"light": by_day, "dark": by_day | dict(TOKEN.findall(dark))}


def pairs(css: str) -> list[tuple[str, str, float]]:
    declared = css.partition("@pairs")[2].partition("@end")[0]
    found = []
    for block in declared.split("@pairs"):
        least, *names = block.split()
        found += [(*name.split("/"), float(least)) for name in names]
    return found


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


CSS = stylesheet("yiwang.css")


def test_contrast_is_measured_as_wcag_says():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), pairs(CSS))
def test_every_pair_can_be_read(mode, front, ground, least):
    colours = tokens(CSS)[mode]
    assert contrast(colours[front], colours[ground]) >= least


def test_every_colour_is_declared_in_a_pair():
    declared = {name for front, ground, _ in pairs(CSS) for name in (front, ground)}
    assert set(tokens(CSS)["light"]) - declared == set()


def test_night_has_a_colour_of_its_own_for_every_token():
    colours = tokens(CSS)
    same = {name for name, value in colours["light"].items() if colours["dark"][name] == value}
    assert same == set()


def test_the_light_stylesheet_has_the_same_colours():
    whole, light = tokens(CSS), tokens(stylesheet("light.css"))
    for mode in ("light", "dark"):
        short = {
            name: value.replace("#fff", "#ffffff") if value == "#fff" else value
            for name, value in light[mode].items()
        }
        assert {name: whole[mode][name] for name in short} == short


def test_no_colour_stands_outside_the_tokens():
    rules = CSS.partition("@layer base {")[2].partition("@layer print {")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == [
        "#fff"
    ]  # the ground of a QR code, which cameras want white


def test_no_chart_is_red():
    for colours in tokens(CSS).values():
        for name in ("chart-1", "chart-2", "chart-3", "chart-4", "chart-5"):
            red, green, blue = (int(colours[name][at : at + 2], 16) for at in (1, 3, 5))
            assert not (red > 1.5 * green and red > 1.5 * blue), name


def test_stylesheets_and_script_stay_small():
    assert len(CSS.encode()) < 40 * 1024
    assert len(stylesheet("light.css").encode()) < 8 * 1024
    assert len(stylesheet("yiwang.js").encode()) < 24 * 1024

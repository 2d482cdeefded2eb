"""Which font shows which character of which face: the office's own first, then the free ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn

from yiwang.facilities.office.layout.fonts.sfnt import FontFile
from yiwang.facilities.office.layout.sheet import Face, Run, Sheet

OWN: Mapping[Face, tuple[str, ...]] = {
    Face.FANG: ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang"),
    Face.KAI: ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai", "FandolKai"),
    Face.HEI: ("SimHei", "黑体", "STHeiti", "FandolHei"),
    Face.SONG: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
    Face.SUN: ("SimSun", "宋体", "STSong", "FandolSong"),
}
"""Names by which an office's own fonts are known."""


class MissingGlyph(ValueError):
    """No font has a character of the document; a page with a hole would be worse than none."""

    def __init__(self, character: str) -> None:
        self.character = character
        super().__init__(
            f"没有字体包含“{character}”（U+{ord(character):04X}），请在字体目录中补充含有该字的字体。"
        )


@dataclass(frozen=True)
class Part:
    """Characters of a run that one font shows; `is_bold` when the font only stands in for a heavier face."""

    text: str
    font: FontFile
    first: int
    is_bold: bool


class Fonts:
    """The fonts of an installation, by face."""

    def __init__(self, own: Iterable[Path] = ()) -> None:
        laid = [_font(path) for path in own]
        serif, sans = (
            _font(Path(pylopdf_fonts_zh_cn.serif_path())),
            _font(Path(pylopdf_fonts_zh_cn.sans_path())),
        )
        self._free = {serif, sans}
        self._faces: dict[Face, tuple[FontFile, ...]] = {}
        for face, names in OWN.items():
            chosen = [font for name in names for font in laid if name in font.names]
            free = [sans, serif] if face is Face.HEI else [serif, sans]
            self._faces[face] = tuple(dict.fromkeys([*chosen, *free, *laid]))
        self._chosen: dict[tuple[Face, str], FontFile] = {}

    def font_of(self, face: Face, character: str) -> FontFile:
        """The first font of a face that has the character; raises `MissingGlyph` when none has."""
        found = self._chosen.get((face, character))
        if found is None:
            code = ord(character)
            found = next((font for font in self._faces[face] if code in font.characters), None)
            if found is None:
                raise MissingGlyph(character)
            self._chosen[face, character] = found
        return found

    def parts(self, run: Run) -> list[Part]:
        """Divide a run by the fonts that show it."""
        found: list[Part] = []
        for place, character in enumerate(run.text):
            font = self.font_of(run.face, character)
            if found and found[-1].font is font:
                last = found[-1]
                found[-1] = Part(last.text + character, font, last.first, last.is_bold)
            else:
                found.append(Part(character, font, place, run.face is Face.SONG and font in self._free))
        return found

    def needed(self, sheet: Sheet) -> dict[FontFile, set[str]]:
        """The characters that a laid-out document needs of each font, in the order of their first use."""
        found: dict[FontFile, set[str]] = {}
        for page in sheet.pages:
            for line in page.lines:
                for run in line.runs:
                    for character in run.text:
                        found.setdefault(self.font_of(run.face, character), set()).add(character)
        return found


@lru_cache(maxsize=32)
def _font(path: Path) -> FontFile:
    return FontFile(path)


@lru_cache(maxsize=4)
def fonts_in(folder: Path | None = None) -> Fonts:
    """The free fonts, and those that the office laid into a folder."""
    if folder is None or not folder.is_dir():
        return Fonts()
    own = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".ttf", ".otf", ".ttc")]
    return Fonts(own)

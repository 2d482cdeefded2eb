"""Checking a package by itself: the four properties (四性), each finding with its file and a sentence."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from blake3 import blake3

from yiwang.facilities.archive.package.form import CATALOGUE, FORMAT, MANIFEST, SEAL, VERSION, in_xml
from yiwang.facilities.archive.package.reading import BrokenPackage, Source, manifest_of, opened
from yiwang.facilities.archive.rules import parsed

REQUIRED = ("archive_number", "title", "author", "dated_on", "source", "source_key", "parts", "metadata")
RUNS = frozenset({".exe", ".bat", ".cmd", ".com", ".js", ".vbs", ".ps1", ".sh", ".msi", ".scr", ".jar"})
PROPERTIES = ("authenticity", "integrity", "usability", "safety")


@dataclass(frozen=True)
class Finding:
    """One thing that isn't as it should be: which property, a key for programs, where, and a sentence."""

    property: str
    kind: str
    path: str
    sentence: str
    chinese: str


@dataclass
class Verdict:
    """What was looked at and what was found."""

    files: int = 0
    units: int = 0
    size: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """For programs: every property with its findings."""
        return {
            "is_sound": self.is_sound,
            "files": self.files,
            "units": self.units,
            "bytes": self.size,
            "properties": {
                name: {
                    "is_sound": not any(one.property == name for one in self.findings),
                    "findings": [
                        {"kind": one.kind, "path": one.path, "sentence": one.sentence, "chinese": one.chinese}
                        for one in self.findings
                        if one.property == name
                    ],
                }
                for name in PROPERTIES
            },
        }


def verify(path: Path) -> Verdict:
    """Check a package without asking any database. Never raises for what is wrong with the package."""
    verdict = Verdict()
    try:
        with opened(path) as source:
            manifest = manifest_of(source)
            verdict.findings += _checked(source, manifest, verdict)
    except (BrokenPackage, zipfile.BadZipFile) as error:
        chinese = error.chinese if isinstance(error, BrokenPackage) else "归档包无法读取。"
        sentence = error.sentence if isinstance(error, BrokenPackage) else "The package can't be read."
        verdict.findings.append(Finding("integrity", "unreadable", str(path.name), sentence, chinese))
    return verdict


def _checked(source: Source, manifest: dict[str, Any], verdict: Verdict) -> Iterator[Finding]:
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        yield Finding(
            "usability", "format", MANIFEST, "The format of the package isn't known.", "归档包格式未知。"
        )
        return
    yield from _seal(source)
    known = {MANIFEST, SEAL}
    for entry in manifest["files"]:
        name = str(entry.get("path", ""))
        known.add(name)
        yield from _file(source, name, entry, verdict)
    for name in source.names:
        if name not in known:
            yield Finding(
                "authenticity", "unlisted", name, f"{name} isn't in the manifest.", f"{name} 不在清单中。"
            )
    yield from _units(source, manifest, known, verdict)


def _seal(source: Source) -> Iterator[Finding]:
    try:
        told = source.read(SEAL).decode("ascii", "replace").split()[:1]
    except KeyError:
        told = []
    if told != [hashlib.sha256(source.read(MANIFEST)).hexdigest()]:
        yield Finding(
            "authenticity", "seal", SEAL, "The manifest isn't the one that was sealed.", "清单与封签不一致。"
        )


def _file(source: Source, name: str, entry: dict[str, Any], verdict: Verdict) -> Iterator[Finding]:
    parts = PurePosixPath(name).parts
    if not name or name.startswith("/") or ".." in parts:
        yield Finding("safety", "path", name, f"{name} leads out of the package.", f"{name} 指向归档包之外。")
        return
    first, second, size = blake3(), hashlib.sha256(), 0
    try:
        with source.open(name) as file:
            while part := file.read(1 << 20):
                first.update(part)
                second.update(part)
                size += len(part)
    except KeyError:
        yield Finding("integrity", "missing", name, f"{name} is missing.", f"缺少 {name}。")
        return
    except (OSError, zipfile.BadZipFile, ValueError):
        yield Finding("usability", "unreadable", name, f"{name} can't be read.", f"{name} 无法读取。")
        return
    verdict.files += 1
    verdict.size += size
    if (size, first.hexdigest(), second.hexdigest()) != (
        entry.get("size"),
        entry.get("blake3"),
        entry.get("sha256"),
    ):
        yield Finding("authenticity", "altered", name, f"{name} isn't what it was.", f"{name} 已被改动。")


def _units(source: Source, manifest: dict[str, Any], known: set[str], verdict: Verdict) -> Iterator[Finding]:
    groups: dict[tuple[Any, ...], list[int]] = {}
    for one in manifest["units"]:
        name = f"{one.get('folder')}/metadata.json"
        try:
            facts = json.loads(source.read(name))
            lacking = [key for key in REQUIRED if not facts.get(key) and key != "parts"]
        except (KeyError, ValueError, AttributeError):
            yield Finding("integrity", "metadata", name, f"{name} can't be read.", f"{name} 无法读取。")
            continue
        verdict.units += 1
        if lacking:
            words = ", ".join(lacking)
            yield Finding("integrity", "metadata", name, f"{name} lacks {words}.", f"{name} 缺少 {words}。")
        place = parsed(str(facts.get("archive_number", "")))
        if place is None or facts["archive_number"] != one.get("archive_number"):
            yield Finding("integrity", "number", name, f"{name} has no right number.", f"{name} 档号有误。")
        else:
            group = (place.fonds, place.category, place.year, place.period, place.section)
            groups.setdefault(group, []).append(place.item)
        yield from _parts(name, facts, known)
        xml = name.removesuffix(".json") + ".xml"
        if xml in source.names and source.read(xml) != in_xml(facts):
            yield Finding("integrity", "xml", xml, f"{xml} says something else.", f"{xml} 与 JSON 不一致。")
    for group, items in groups.items():
        if len(set(items)) != len(items):
            words = "-".join(map(str, group))
            yield Finding(
                "integrity", "twice", CATALOGUE, f"{words} has a number twice.", f"{words} 件号重复。"
            )


def _parts(name: str, facts: dict[str, Any], known: set[str]) -> Iterator[Finding]:
    for part in facts.get("parts", []):
        digest = str(part.get("blake3", ""))
        if f"bytes/{digest[:2]}/{digest}" not in known:
            yield Finding(
                "integrity",
                "part",
                name,
                f"The file “{part.get('name')}” isn't in the package.",
                f"包内没有文件“{part.get('name')}”。",
            )
        if PurePosixPath(str(part.get("name", "")).lower()).suffix in RUNS:
            yield Finding(
                "safety",
                "program",
                name,
                f"“{part.get('name')}” is a program.",
                f"“{part.get('name')}”是可执行程序。",
            )

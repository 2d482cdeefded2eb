"""Renew the vendored front-end files: fetch the pinned packages, copy what is used, write the manifest.

Run by `make vendor`. Needs npm and pip on the machine of whoever renews, never on a user's.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

FOLDER = Path(__file__).parent.parent / "src/yiwang/kernel/ui/static/ui/vendor"
HTMX = "4.0.1"
LUCIDE = "1.1.4"

ICONS = [
    "activity",
    "archive",
    "arrow-left",
    "arrow-right",
    "badge-check",
    "bell",
    "book-open",
    "building-2",
    "calendar",
    "calendar-days",
    "camera",
    "chart-column",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "circle-alert",
    "circle-check",
    "circle-question-mark",
    "circle-x",
    "clipboard-list",
    "clock",
    "copy",
    "corner-up-left",
    "database",
    "download",
    "ellipsis",
    "external-link",
    "eye",
    "file-text",
    "flag",
    "folder",
    "folder-open",
    "forward",
    "frown",
    "gavel",
    "git-branch",
    "hash",
    "history",
    "house",
    "image",
    "inbox",
    "info",
    "key-round",
    "keyboard",
    "landmark",
    "languages",
    "link",
    "list-checks",
    "lock",
    "lock-open",
    "log-in",
    "log-out",
    "mail",
    "map-pin",
    "megaphone",
    "meh",
    "menu",
    "message-square",
    "network",
    "newspaper",
    "paperclip",
    "pause",
    "pencil",
    "phone",
    "play",
    "plus",
    "printer",
    "qr-code",
    "refresh-cw",
    "reply",
    "save",
    "scale",
    "school",
    "scroll-text",
    "search",
    "send",
    "settings",
    "share-2",
    "shield",
    "shield-check",
    "smile",
    "stamp",
    "star",
    "tag",
    "thumbs-down",
    "thumbs-up",
    "trash-2",
    "triangle-alert",
    "truck",
    "undo-2",
    "upload",
    "user",
    "user-check",
    "user-cog",
    "user-plus",
    "user-x",
    "users",
    "wrench",
    "x",
]
"""The icons in use; each stands beside a word."""


def fetch_htmx(workshop: Path) -> Path:
    """Download htmx from the package registry and copy its smallest build."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing; it is needed to renew the vendored files, not to run Yiwang.")
    subprocess.run(
        [npm, "pack", f"htmx.org@{HTMX}", "--silent"], cwd=workshop, check=True, stdout=subprocess.DEVNULL
    )
    with tarfile.open(next(workshop.glob("htmx.org-*.tgz"))) as archive:
        member = archive.extractfile("package/dist/htmx.min.js")
        if member is None:
            sys.exit("dist/htmx.min.js is missing in the package.")
        text = member.read().decode("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL=")]
    target = FOLDER / "htmx.min.js"
    target.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return target


def fetch_icons(workshop: Path) -> Path:
    """Download lucide and write the drawings of the icons in use, without their outer element."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", workshop, f"lucide=={LUCIDE}"],
        check=True,
    )
    with (
        zipfile.ZipFile(next(workshop.glob("lucide-*.whl"))) as wheel,
        wheel.open("lucide/lucide.zip") as inner,
    ):
        drawings = zipfile.ZipFile(inner)
        found = {name: drawing_of(drawings.read(f"{name}.svg").decode("utf-8")) for name in sorted(ICONS)}
    target = FOLDER / "lucide.json"
    target.write_text(json.dumps(found, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def drawing_of(svg: str) -> str:
    """The shapes inside one icon's SVG, without namespaces."""
    root = ElementTree.fromstring(svg)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        node.tail = node.text = None
    return "".join(ElementTree.tostring(child, encoding="unicode").replace(" />", "/>") for child in root)


def entry(path: Path, *, name: str, version: str, licence: str, source: str) -> dict[str, Any]:
    """One line of the manifest."""
    return {
        "name": name,
        "version": version,
        "licence": licence,
        "source": source,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def main() -> None:
    """Fetch everything and write the manifest."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workshop = Path(folder)
        manifest = [
            entry(
                fetch_htmx(workshop), name="htmx.org", version=HTMX, licence="0BSD", source="https://htmx.org"
            ),
            entry(
                fetch_icons(workshop),
                name="lucide",
                version=LUCIDE,
                licence="ISC",
                source="https://lucide.dev",
            ),
        ]
    (FOLDER / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

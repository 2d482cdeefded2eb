"""What a folder or an archive of laws holds: Markdown or plain text, one text a file, or a database of articles.

A folder, a ZIP (a wheel is one), a TAR, a single file, or an SQLite database with the tables `laws` and `articles`.
Nothing is unpacked where the archive says: texts are read out of it one by one.
"""

import re
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

TEXTS = (".md", ".txt")
DATABASES = (".db", ".sqlite", ".sqlite3")
LARGEST_TEXT = 20_000_000
LARGEST_DATABASE = 500_000_000
"""Bytes; a larger one is refused unread."""

Reader = Callable[[], bytes]


class NotReadable(ValueError):
    """The folder or archive can't be opened as one, or holds no text and no database."""


@dataclass(frozen=True, slots=True)
class Held:
    """One text as it was found: its name, its words, and what whoever gave it says of it.

    `refusal` is the reason for which its bytes can't be read as words.
    """

    name: str
    text: str = ""
    refusal: str = ""
    passed_on: date | None = None
    force_on: date | None = None
    field: str = ""
    rank: str = ""
    is_repealed: bool = False


@contextmanager
def opened(path: Path) -> Iterator[tuple[int, Iterator[Held]]]:
    """How many texts there are, and the texts one after another, in the order of their names.

    Raises `NotReadable`, and OSError as opening files does.
    """
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if _is_wanted(one.name) and one.is_file())
        yield _counted([(one.relative_to(path).as_posix(), one.read_bytes) for one in files], at=path)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield _counted(list(_zipped(archive)), at=path)
    elif path.suffix in (*TEXTS, *DATABASES):
        yield _counted([(path.name, path.read_bytes)], at=path)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive_of_tar:
            yield _counted(list(_tarred(archive_of_tar)), at=path)
    else:
        raise NotReadable(str(path))


def _is_wanted(name: str) -> bool:
    """Whether a file can be a text or a database of laws; what a wheel says of itself is neither."""
    path = PurePosixPath(name)
    if path.name.startswith(".") or any(part.endswith(".dist-info") for part in path.parts):
        return False
    return path.suffix in (*TEXTS, *DATABASES)


def _largest(name: str) -> int:
    return LARGEST_DATABASE if PurePosixPath(name).suffix in DATABASES else LARGEST_TEXT


def _zipped(archive: zipfile.ZipFile) -> Iterator[tuple[str, Reader]]:
    for info in sorted(archive.infolist(), key=lambda one: one.filename):
        if _is_wanted(info.filename) and not info.is_dir():
            if info.file_size > _largest(info.filename):
                raise NotReadable(info.filename)
            yield info.filename, lambda info=info: archive.read(info)  # type: ignore[misc]


def _tarred(archive: tarfile.TarFile) -> Iterator[tuple[str, Reader]]:
    for member in sorted(archive.getmembers(), key=lambda one: one.name):
        if _is_wanted(member.name) and member.isfile():
            if member.size > _largest(member.name):
                raise NotReadable(member.name)
            file = archive.extractfile(member)
            if file is not None:
                yield member.name, file.read


def _counted(found: list[tuple[str, Reader]], *, at: Path) -> tuple[int, Iterator[Held]]:
    if not found:
        raise NotReadable(str(at))
    texts = [(name, read) for name, read in found if PurePosixPath(name).suffix in TEXTS]
    rows = [
        held
        for name, read in found
        if PurePosixPath(name).suffix in DATABASES
        for held in _rows(name, read())
    ]
    return len(texts) + len(rows), _texts(texts, rows)


def _texts(texts: list[tuple[str, Reader]], rows: list[Held]) -> Iterator[Held]:
    yield from rows
    for name, read in texts:
        path = PurePosixPath(name)
        data = read()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text = data.decode("gb18030")
            except UnicodeDecodeError:
                yield Held(name, refusal="not_text")
                continue
        if "\0" in text:
            yield Held(name, refusal="not_text")
            continue
        folders = [part for part in path.parts[:-1] if part not in ("/", "..")]
        yield Held(name, text, passed_on=day_in_name(name), field=_folder(folders))


KNOWN_FOLDERS = frozenset(
    [
        "刑法",
        "宪法",
        "宪法相关法",
        "民法典",
        "民法商法",
        "社会法",
        "经济法",
        "行政法",
        "行政法规",
        "诉讼与非诉讼程序法",
        "部门规章",
        "司法解释",
        "地方性法规",
    ]
)


def _folder(folders: list[str]) -> str:
    """The folder that tells the rank: the outermost that is known, since ministries have folders below 部门规章."""
    return next((one for one in folders if one in KNOWN_FOLDERS), "")


def day_in_name(name: str) -> date | None:
    """The day in brackets at the end of a file's name."""
    stem = PurePosixPath(name).stem if name.endswith(TEXTS) else name
    found = re.search(r"[(（](\d{4})-(\d{1,2})-(\d{1,2})[)）]$", stem)
    return _day("-".join(found.groups())) if found else None


def _day(text: str | None) -> date | None:
    try:
        return date(*map(int, (text or "").split("-")))
    except (ValueError, TypeError):
        return None


def bare_title(name: str) -> str:
    """The title that a file's name stands for, without folders, ending and date."""
    return re.sub(r"[(（]\d{4}-\d{1,2}-\d{1,2}[)）]$", "", PurePosixPath(name).stem).strip()


_RANKS = {
    "宪法": "constitution",
    "立法解释": "interpretation",
    "修正案": "amendment",
    "修改决定": "amendment",
}


def _rows(name: str, data: bytes) -> Iterator[Held]:
    """The laws of an SQLite database, each as the text that its articles make."""
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(data)
        file.flush()
        with closing(sqlite3.connect(f"file:{file.name}?mode=ro", uri=True)) as database:
            try:
                laws = database.execute(
                    "SELECT law_id, law_name, doc_type, publish_date, effective_date, status, law_department"
                    " FROM laws ORDER BY law_name, publish_date"
                ).fetchall()
                for law_id, title, kind, passed, force, status, field in laws:
                    articles = database.execute(
                        "SELECT chapter, section, article_no, article_text FROM articles WHERE law_id = ? ORDER BY id",
                        (law_id,),
                    ).fetchall()
                    yield Held(
                        f"{name}#{title}({passed})",
                        _written_out(title, articles),
                        passed_on=_day(passed),
                        force_on=_day(force),
                        field=field or "",
                        rank=_RANKS.get(kind or "", ""),
                        is_repealed=status == "已废止",
                    )
            except sqlite3.DatabaseError as error:
                raise NotReadable(name) from error


def _written_out(title: str, articles: list[tuple[str | None, str | None, str | None, str | None]]) -> str:
    lines = [f"# {title}", "<!-- INFO END -->"]
    chapter = section = None
    for own_chapter, own_section, number, text in articles:
        if own_chapter and own_chapter != chapter:
            lines.append(f"## {own_chapter}")
            section = None
        if own_section and own_section != section:
            lines.append(f"### {own_section}")
        chapter, section = own_chapter, own_section
        words = (text or "").replace("\r", "")
        if not number or number == "全文":
            lines.append(words)
        elif number.startswith("条目"):
            lines.append(f"{number.removeprefix('条目')}、{words}")
        else:
            lines.append(f"{number} {words}")
    return "\n\n".join(lines) + "\n"

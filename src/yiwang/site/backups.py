"""One file that holds everything an installation knows, and the way back from it.

A backup is a tar of the notebook of sealed heads, a `pg_dump` of the database, the files, and last a list
with the SHA-256 of each. The order matters: a head noted later than the dump would look like a log that was
cut off, and a file is always on the disk before a row names it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import make_conninfo

from yiwang import __version__
from yiwang.kernel.audit.notebook import heads_noted
from yiwang.kernel.base.config import Installation, installation
from yiwang.kernel.base.postgres import APP_ROLE, prepare_roles
from yiwang.kernel.base.postgres.places import Places
from yiwang.kernel.base.postgres.programs import programs_for
from yiwang.kernel.base.postgres.soundness import connect, parameters
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.files.storage import storage
from yiwang.site import first_run

HEADS, DUMP, FILES, LIST = "audit/heads", "database.dump", "files/", "backup.json"
FORMAT = 1
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Summary:
    """What one backup holds."""

    made_at: str
    release: str
    files: int
    bytes: int


def write(target: Path, *, at: datetime, told: Told) -> Summary:
    """Write a backup beside `target` and rename it when it is whole; only its owner may read it.

    The site may go on working. Raises `Problem` when there is no room, or something stands there already.
    """
    if target.exists():
        raise Problem(
            f"{target} is there already; choose another name.", f"{target} 已存在，请换一个文件名。"
        )
    fresh = target.with_name(f"{target.name}.new-{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                summary = _fill(tar, at=at, told=told, beside=target.parent)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)
    except OSError as error:
        raise Problem(
            f"The backup can't be written to {target} ({error.strerror}).",
            f"无法写入备份 {target}（{error.strerror}）。",
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return replace(summary, bytes=target.stat().st_size)


def _fill(tar: tarfile.TarFile, *, at: datetime, told: Told, beside: Path) -> Summary:
    sums: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=beside, prefix=".yiwang-backup-") as folder:
        notebook = Path(folder, "heads")
        if heads_noted().exists():
            shutil.copyfile(heads_noted(), notebook)
            _add(tar, notebook, HEADS, sums)
        dump = Path(folder, "dump")
        _run("pg_dump", "--format=custom", "--no-password", f"--file={dump}")
        _add(tar, dump, DUMP, sums)
    digests = list(storage().digests())
    for number, digest in enumerate(digests, 1):
        _add(tar, storage().path(digest), FILES + digest, sums)
        told(number, len(digests))
    applied = sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)
    contents = {
        "format": FORMAT,
        "release": __version__,
        "made_at": at.isoformat(),
        "migrations": applied,
        "sha256": sums,
    }
    with tempfile.TemporaryFile(dir=beside) as file:
        file.write(json.dumps(contents, indent=1).encode())
        info = tarfile.TarInfo(LIST)
        info.size, info.mode = file.tell(), 0o600
        file.seek(0)
        tar.addfile(info, file)
    return Summary(at.isoformat(), __version__, len(digests), tar.offset)


def _add(tar: tarfile.TarFile, path: Path, name: str, sums: dict[str, str]) -> None:
    with path.open("rb") as file:
        sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        tar.addfile(info, file)


def contents_of(source: Path, *, told: Told) -> dict[str, Any]:
    """Read a whole backup, hash every part anew and return its list.

    Raises `Problem` when a part is missing, altered or was never listed, or when the file is no backup.
    """
    seen: dict[str, str] = {}
    contents: dict[str, Any] = {}
    try:
        size = source.stat().st_size
        with tarfile.open(source, "r:") as tar:
            for member, file in _members(tar):
                if member.name == LIST:
                    contents = json.load(file)
                else:
                    seen[member.name] = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
                told(member.offset_data + member.size, size)
    except OSError as error:
        raise Problem(
            f"{source} can't be read ({error.strerror or error}).",
            f"无法读取 {source}（{error.strerror or error}）。",
        ) from error
    except (tarfile.TarError, ValueError) as error:
        raise _not_whole(
            source, "it is no backup, or it was cut off", "不是备份文件，或文件不完整"
        ) from error
    if contents.get("format") != FORMAT:
        raise _not_whole(source, "its list is missing", "缺少清单")
    listed: dict[str, str] = contents["sha256"]
    for name in sorted({*listed, *seen}):
        if listed.get(name) != seen.get(name):
            raise _not_whole(source, f"{name} isn't what was saved", f"{name} 与备份时不一致")
    return contents


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in tar:
        file = tar.extractfile(member) if member.isreg() else None
        if file is not None:
            yield member, file


def _not_whole(source: Path, cause: str, chinese: str) -> Problem:
    return Problem(
        f"{source} can't be restored: {cause}. Use another copy.",
        f"无法恢复 {source}：{chinese}。请使用另一份备份。",
    )


def require_known(contents: dict[str, Any]) -> None:
    """Refuse a backup that a newer release made, before anything is touched. Raises `Problem`."""
    loader = MigrationLoader(None)
    ours = set(loader.migrated_apps)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    known = {f"{app}.{name}" for app, name in set(loader.disk_migrations) | replaced}
    strange = [each for each in contents["migrations"] if each not in known and each.split(".")[0] in ours]
    if strange:
        raise Problem(
            f"This backup was made by a newer release ({contents['release']}, it has {strange[-1]}); "
            "restore it with that release.",
            f"该备份由较新的版本（{contents['release']}，含 {strange[-1]}）建立；请使用相应版本恢复。",
        )


def require_empty() -> None:
    """Refuse to restore over anything: neither tables nor files nor a notebook may be there."""
    here = installation()
    with connect(here, as_owner=True) as bare:
        row = bare.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if (row and row[0]) or heads_noted().exists() or any(storage().digests()):
        raise Problem(
            f"There are data in {here.data} or in its database already; restore into an empty YIWANG_DATA.",
            f"{here.data} 或其数据库中已有数据；请恢复到空的 YIWANG_DATA。",
        )


def read_back(source: Path, *, told: Told) -> None:
    """Put a checked backup into an empty installation: database, files, notebook.

    The database's triggers and row policies come after its rows, so nothing is sealed or refused twice.
    Raises `Problem`; then the data directory is half filled and has to be removed.
    """
    with tarfile.open(source, "r:") as tar, tempfile.TemporaryDirectory(prefix="yiwang-restore-") as folder:
        size = source.stat().st_size
        for member, file in _members(tar):
            if member.name == DUMP:
                _restore_database(_copied(file, Path(folder, "dump")), folder=Path(folder))
            elif member.name == HEADS:
                heads_noted().parent.mkdir(parents=True, exist_ok=True)
                _copied(file, heads_noted())
            elif member.name.startswith(FILES):
                storage().put(cast(BinaryIO, file), member.name.removeprefix(FILES))
            told(member.offset_data + member.size, size)
    first_run.remember_filled()


def _copied(file: IO[bytes], target: Path) -> Path:
    with target.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    return target


def _restore_database(dump: Path, *, folder: Path) -> None:
    """Bring tables, rows and rights back as they were saved, and let the roles have what is made later.

    The application role must be there, because the dump names it. Its default rights must not: every table
    would be made with all of them, those that the log's tables lack included.
    """
    here = installation()
    prepare_roles(here)
    role = sql.Identifier(APP_ROLE)
    with connect(here, as_owner=True) as bare:
        for kind in ("TABLES", "SEQUENCES"):
            statement = f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {kind} FROM {{}}"
            bare.execute(sql.SQL(statement).format(role))
    listed = _run("pg_restore", "--list", dump, reaches_server=False)
    wanted = folder / "wanted"
    wanted.write_text("\n".join(line for line in listed.splitlines() if " DEFAULT ACL " not in line) + "\n")
    _run("pg_restore", "--no-owner", "--no-password", f"--use-list={wanted}", dump)
    prepare_roles(here)
    with connect(here, as_owner=True) as bare:
        bare.execute("ANALYZE")


def _run(program: str, *arguments: str | Path, reaches_server: bool = True) -> str:
    """Run pg_dump or pg_restore as the owner of the tables; the password never shows in a process list."""
    here = installation()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    command: list[str | Path] = [_folder(here) / program, *arguments]
    if reaches_server:
        named = parameters(here, as_owner=True)
        environment["PGPASSWORD"] = str(named.pop("password", ""))
        command.append(f"--dbname={make_conninfo('', **named)}")
    done = subprocess.run(
        command,
        env=environment | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    faults = [line for line in done.stderr.splitlines() if ": error:" in line and not _is_harmless(line)]
    if faults or (done.returncode and not done.stderr):
        said = faults[0] if faults else f"{program} ended with {done.returncode}"
        raise Problem(f"The database refused: {said}", f"数据库拒绝：{said}")
    return done.stdout


def _is_harmless(line: str) -> bool:
    """A server before version 17 doesn't know a setting that newer programs switch off at their start."""
    return "transaction_timeout" in line


def _folder(here: Installation) -> Path:
    return programs_for(Places(here.data)).folder


def count_of_cases() -> int:
    """How many cases the database holds; asked as the owner, whom the row policies let through."""
    with connect(installation(), as_owner=True) as bare:
        try:
            row = bare.execute("SELECT count(*) FROM casework_case").fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
    return int(row[0]) if row else 0

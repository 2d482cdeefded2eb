"""The life of the embedded server: made once, started when needed, stopped when the last user leaves."""

import contextlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from yiwang.kernel.base.postgres import configuration, locks, processes
from yiwang.kernel.base.postgres.places import Places
from yiwang.kernel.base.postgres.programs import Programs, programs_for
from yiwang.kernel.base.problems import Problem

PATIENCE = 600
"""Seconds a start may take: a server that was killed first replays what it had acknowledged."""


class Lease:
    """The right to use a running server until it is given back; usable as a context manager.

    The last user to leave stops the server. A user that is killed leaves without a word: the system drops
    its lock, and the next one to leave finds itself the last.
    """

    def __init__(self, cluster: "Cluster", use: locks.SharedUse, *, has_started: bool) -> None:
        self._cluster = cluster
        self._use = use
        self.has_started = has_started

    def end(self) -> None:
        """Give the server back, and stop it if nobody else uses it."""
        self._cluster.leave(self._use)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


@dataclass(frozen=True)
class Cluster:
    """The embedded server of one data directory; `for_tests` trades durability for speed."""

    data: Path
    for_tests: bool = False

    @property
    def places(self) -> Places:
        """Where everything of this server is."""
        return Places(self.data)

    def lease(self) -> Lease:
        """Make sure the server runs, creating it the first time, and hold it for as long as it is needed.

        Safe to call from several processes at once. Raises `Problem` with the mend when it can't run.
        """
        places = self.places
        self._make_data_folder()
        with locks.gate(places.locks / "start.lock", timeout=PATIENCE):
            use = locks.SharedUse(places.locks / "use.lock")
            try:
                has_started = self._ensure(programs_for(places))
            except BaseException:
                use.let_go()
                raise
        return Lease(self, use, has_started=has_started)

    def revive(self) -> bool:
        """Start the server again if it died under its users; true if it had to be. Needs a held lease."""
        if is_answering(self.places):
            return False
        with locks.gate(self.places.locks / "start.lock", timeout=PATIENCE):
            return self._ensure(programs_for(self.places))

    def end_if_unused(self) -> None:
        """Stop a server that nobody uses any more: its users were all killed."""
        self.leave(locks.SharedUse(self.places.locks / "use.lock"))

    def leave(self, use: locks.SharedUse) -> None:
        """End one use; inside the gate, so that nobody can begin while the server is being stopped."""
        with locks.gate(self.places.locks / "start.lock", timeout=PATIENCE):
            if use.is_last() and processes.postmaster(self.places.cluster):
                programs = programs_for(self.places)
                programs.run(
                    "pg_ctl", "stop", "-D", self.places.cluster, "-m", "fast", "-w", "-t", str(PATIENCE)
                )
            use.let_go()

    def _ensure(self, programs: Programs) -> bool:
        places = self.places
        if not places.cluster.exists():
            self._create(programs)
        self._require_version(programs)
        if self._is_ready(programs):
            return False
        self._clear_remains(programs)
        if not self._is_ready(programs):
            self._start(programs)
        return True

    def _is_ready(self, programs: Programs) -> bool:
        sockets = self.places.sockets
        return (
            programs.run("pg_isready", "-q", "-h", sockets, "-p", "5432", timeout=30).returncode == 0
            and processes.postmaster(self.places.cluster) is not None
        )

    def _make_data_folder(self) -> None:
        places = self.places
        is_root = os.geteuid() == 0
        try:
            if not places.data.exists():
                places.data.mkdir(parents=True, mode=0o711 if is_root else 0o700)
                places.data.chmod(0o711 if is_root else 0o700)
            places.locks.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _storage_problem(places.data, error) from error

    def _create(self, programs: Programs) -> None:
        """Initialise into a fresh folder and rename it, so that a half-made one is never taken for a server."""
        places = self.places
        for remains in places.data.glob("postgres.new-*"):
            shutil.rmtree(remains, ignore_errors=True)
        fresh = places.data / f"postgres.new-{os.getpid()}"
        try:
            fresh.mkdir(mode=0o700)
            programs.give(fresh)
            done = programs.run(
                "initdb",
                *("-D", fresh, "-U", configuration.SUPERUSER, "-E", "UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C"),
                *("--lc-ctype=C.UTF-8", "--lc-messages=C", "--auth=peer", "--no-instructions"),
                *(["--no-sync"] if self.for_tests else []),
            )
            if done.returncode:
                raise _start_problem(places, done.stdout)
            configuration.write(fresh, programs=programs, sockets=places.sockets, for_tests=self.for_tests)
            configuration.first_roles(fresh, programs=programs)
            fresh.rename(places.cluster)
        except OSError as error:
            raise _storage_problem(places.data, error) from error
        finally:
            if fresh.exists():
                shutil.rmtree(fresh, ignore_errors=True)

    def _require_version(self, programs: Programs) -> None:
        places = self.places
        try:
            found = (places.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError as error:
            raise Problem(
                f"{places.cluster} isn't a database; move it away, or set YIWANG_DATA to another folder.",
                f"{places.cluster} 不是数据库目录；请将其移走，或把 YIWANG_DATA 设为其他目录。",
            ) from error
        except OSError as error:
            raise _storage_problem(places.data, error) from error
        ours = programs.run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if found == ours:
            return
        if int(found) > int(ours):
            raise Problem(
                f"The data directory {places.data} was made by PostgreSQL {found}, newer than the {ours} here; "
                "use the newer release of Yiwang that made it.",
                f"数据目录 {places.data} 由较新的 PostgreSQL {found} 建立，本程序为 {ours}；请使用当初的新版本。",
            )
        raise Problem(
            f"The data directory {places.data} was made by PostgreSQL {found}, here is {ours}; save it with "
            f"pg_dump {found} and read the copy into a new YIWANG_DATA.",
            f"数据目录 {places.data} 由 PostgreSQL {found} 建立，本程序为 {ours}；"
            f"请用 {found} 版 pg_dump 备份后恢复到新的 YIWANG_DATA。",
        )

    def _clear_remains(self, programs: Programs) -> None:
        """Remove what a killed server left, once it is certain that none of its processes lives.

        Inside the gate. A pid file proves nothing: it may be cut short, or its number may belong to a
        stranger by now. What counts is whether a process stands in the server's folder.
        """
        places = self.places
        processes.wait_until_gone(places.cluster, is_ready=lambda: self._is_ready(programs))
        if processes.standing_in(places.cluster):
            return
        for path in (places.cluster / "postmaster.pid", places.socket, Path(f"{places.socket}.lock")):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def _start(self, programs: Programs) -> None:
        places = self.places
        try:
            _prepare_socket_folder(places, programs)
            configuration.write(
                places.cluster, programs=programs, sockets=places.sockets, for_tests=self.for_tests
            )
            with contextlib.suppress(FileNotFoundError):
                if places.log.stat().st_size > 10_000_000:
                    places.log.replace(places.log.with_suffix(".log.old"))
            began = places.log.stat().st_size if places.log.exists() else 0
        except OSError as error:
            raise _storage_problem(places.data, error) from error
        done = programs.run(
            "pg_ctl", "start", "-D", places.cluster, "-l", places.log, "-s", "-w", "-t", str(PATIENCE),
            cwd=places.cluster,
        )  # fmt: skip
        if done.returncode or not self._is_ready(programs):
            said = done.stdout
            with contextlib.suppress(OSError), places.log.open(encoding="utf-8", errors="replace") as log:
                log.seek(began)
                said += log.read()
            raise _start_problem(places, said)


def is_answering(places: Places) -> bool:
    """Whether a server process of this data directory lives; cheap enough to ask every second."""
    return processes.postmaster(places.cluster) is not None


def _prepare_socket_folder(places: Places, programs: Programs) -> None:
    folder = places.sockets
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        programs.give(folder)
    facts = folder.lstat()
    allowed = {os.geteuid(), programs.user.pw_uid if programs.user else os.geteuid()}
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in allowed:
        raise Problem(
            f"{folder} belongs to somebody else; remove it, or choose another YIWANG_DATA.",
            f"{folder} 属于其他用户；请删除它，或更换 YIWANG_DATA。",
        )
    programs.give(folder)
    folder.chmod(0o700)


def _storage_problem(data: Path, error: OSError) -> Problem:
    return Problem(
        f"The data directory {data} can't be written ({error.strerror}); make room or set its permissions, "
        "or name another one in YIWANG_DATA.",
        f"数据目录 {data} 无法写入（{error.strerror}）；请清理空间或修改权限，或用 YIWANG_DATA 指定其他目录。",
    )


_KNOWN_CAUSES = (
    (
        "No space left on device",
        "there is no room on its disk; make room and start again",
        "磁盘已满，请清理后重试",
    ),
    (
        "Disk quota exceeded",
        "the disk quota is used up; make room and start again",
        "磁盘配额已用完，请清理后重试",
    ),
    (
        "Read-only file system",
        "its file system is read-only; name another folder in YIWANG_DATA",
        "文件系统只读，请用 YIWANG_DATA 指定其他目录",
    ),
    (
        "Permission denied",
        "its files belong to another user; start as that user or name another folder in YIWANG_DATA",
        "文件属于其他用户，请以该用户启动，或用 YIWANG_DATA 指定其他目录",
    ),
    (
        "invalid locale name",
        "this system lacks the C.UTF-8 locale; install it (Debian: apt-get install libc-bin locales)",
        "系统缺少 C.UTF-8 区域设置，请安装（Debian：apt-get install libc-bin locales）",
    ),
    (
        "could not map anonymous shared memory",
        "there is too little memory; close other programs and start again",
        "内存不足，请关闭其他程序后重试",
    ),
)


def _start_problem(places: Places, said: str) -> Problem:
    """Turn what PostgreSQL said into one sentence with its mend."""
    for sign, cause, chinese in _KNOWN_CAUSES:
        if sign in said:
            return Problem(
                f"The database in {places.data} doesn't start: {cause}.",
                f"{places.data} 中的数据库无法启动：{chinese}。",
            )
    telling = [
        line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line.lower()
    ]
    last = (telling or said.strip().splitlines() or ["no word"])[-1].strip()
    return Problem(
        f"The database in {places.data} doesn't start ({last}); see {places.log}.",
        f"{places.data} 中的数据库无法启动（{last}）；详见 {places.log}。",
    )

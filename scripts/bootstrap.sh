#!/bin/sh
# Makes .venv with the locked dependencies and the command .venv/bin/yiwang.
# usage: scripts/bootstrap.sh runtime|dev
# A stamp named after the lock's hash makes every later run a matter of milliseconds.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
lock=requirements/$1.txt
venv=$here/.venv

say() { printf '%s\n' "$*" >&2; }
stop() { say "$1"; say "$2"; exit 1; }

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed: apt-get install python3" "需要 Python 3.11 或更新版本：apt-get install python3"
}

make_venv() {
    python=$(find_python)
    # Minimal Debian has the venv module without ensurepip; a half-made environment must not stay.
    if "$python" -m venv "$venv" >/dev/null 2>&1; then return; fi
    rm -rf "$venv"
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package=python$version-venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $package …"
        { apt-get update && apt-get install -y --no-install-recommends "$package"; } >/tmp/yiwang-apt.log 2>&1 || true
        if "$python" -m venv "$venv" >/dev/null 2>&1; then return; fi
        rm -rf "$venv"
    fi
    stop "This Python can't make environments; run: sudo apt-get install $package" \
        "当前 Python 无法建立虚拟环境，请运行：sudo apt-get install $package"
}

# The development lock contains the runtime lock, so an environment for tests serves `make run` too.
hash=$(cat "$lock" scripts/bootstrap.sh | sha256sum | cut -c1-16)
stamp=$venv/.yiwang-$1-$hash-$(printf '%s' "$here" | sha256sum | cut -c1-8)
if [ "$1" = runtime ] && [ ! -e "$stamp" ]; then
    hash_dev=$(cat requirements/dev.txt scripts/bootstrap.sh | sha256sum | cut -c1-16)
    dev_stamp=$venv/.yiwang-dev-$hash_dev-$(printf '%s' "$here" | sha256sum | cut -c1-8)
    if [ -e "$dev_stamp" ]; then stamp=$dev_stamp; fi
fi
if [ -e "$stamp" ] && "$venv/bin/python" -c '' 2>/dev/null; then exit 0; fi

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    make_venv
fi
say "Installing the locked packages of $lock …"
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock" >"$venv/pip.log" 2>&1; then
    tail -n 5 "$venv/pip.log" >&2
    stop "The packages can't be installed; check the network and the room on the disk, then start again." \
        "依赖包安装失败；请检查网络和磁盘空间后重试。"
fi

# The project itself needs no build: its folder is put on the path, and the command written beside Python.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$here/src" >"$site/yiwang.pth"
cat >"$venv/bin/yiwang.new" <<SCRIPT
#!/bin/sh
exec "$venv/bin/python" -m yiwang.site.command "\$@"
SCRIPT
chmod 755 "$venv/bin/yiwang.new"
mv "$venv/bin/yiwang.new" "$venv/bin/yiwang"
rm -f "$venv"/.yiwang-"$1"-*
touch "$stamp"

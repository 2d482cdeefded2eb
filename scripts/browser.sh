#!/bin/sh
# Makes sure Debian's Chromium and a Chinese font are there for the browser tests, where that is allowed.
set -eu
for path in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    if [ -x "$path" ]; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium and fonts-noto-cjk …" >&2
    if { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk; } >/tmp/yiwang-apt.log 2>&1; then
        exit 0
    fi
    tail -n 3 /tmp/yiwang-apt.log >&2
fi
echo "Browser tests need Chromium: sudo apt-get install chromium fonts-noto-cjk" >&2
echo "浏览器测试需要 Chromium：sudo apt-get install chromium fonts-noto-cjk" >&2
if [ "${CI:-}" = true ]; then exit 1; fi

#!/bin/sh
# Makes sure Debian's Chromium and a Chinese font are there for the browser tests, where that is allowed.
set -eu
has_browser() { [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ] || [ -x /usr/bin/google-chrome ]; }
has_font() { fc-list :lang=zh 2>/dev/null | grep -q .; }

missing=
has_browser || missing="chromium"
has_font || missing="$missing fonts-noto-cjk"
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $missing …" >&2
    # shellcheck disable=SC2086 - one name a word
    if { apt-get update && apt-get install -y --no-install-recommends $missing; } >/tmp/yiwang-apt.log 2>&1; then
        exit 0
    fi
    tail -n 3 /tmp/yiwang-apt.log >&2
fi
if has_browser; then
    echo "Without a Chinese font pictures show boxes: sudo apt-get install fonts-noto-cjk" >&2
    echo "没有中文字体，截图会显示方框：sudo apt-get install fonts-noto-cjk" >&2
    exit 0
fi
echo "Browser tests need Chromium: sudo apt-get install chromium fonts-noto-cjk" >&2
echo "浏览器测试需要 Chromium：sudo apt-get install chromium fonts-noto-cjk" >&2
if [ "${CI:-}" = true ]; then exit 1; fi

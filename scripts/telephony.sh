#!/bin/sh
# Makes sure SIPp and Kamailio are there, the independent peers of the tests of the voice process, where that is allowed.
set -eu
if command -v sipp >/dev/null 2>&1 && { command -v kamailio || [ -x /usr/sbin/kamailio ]; } >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing sip-tester and kamailio …" >&2
    # A proxy that the installation would start has no place here.
    export RUNLEVEL=1
    if { apt-get update && apt-get install -y --no-install-recommends sip-tester kamailio; } >/tmp/yiwang-apt.log 2>&1; then
        exit 0
    fi
    tail -n 3 /tmp/yiwang-apt.log >&2
fi
echo "Tests of telephone calls are skipped without: sudo apt-get install sip-tester kamailio" >&2
echo "电话测试需要：sudo apt-get install sip-tester kamailio；未安装则跳过" >&2
if [ "${CI:-}" = true ]; then exit 1; fi

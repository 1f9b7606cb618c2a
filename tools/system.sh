#!/bin/sh
# The programs of the system that the tests need: a browser with Chinese fonts, PostgreSQL, Node.js with npm.
# Root on a Debian gets what is missing; anybody else is told what to type. Quick when everything is there.
# JIESU_TESTS_COMPLETE=1 (continuous integration) makes a missing program an error.
set -eu

missing=""
want() { missing="$missing $*"; }

command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || want chromium
if command -v dpkg-query >/dev/null; then
    for package in fonts-noto-cjk libatomic1; do # Chinese letters on screenshots; a library of Playwright's driver
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || want "$package"
    done
fi
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || want postgresql

node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
if [ "${node_major:-0}" -lt 18 ]; then
    want nodejs npm
elif ! command -v npm >/dev/null; then
    want npm
fi

[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "正在安装测试所需的系统程序 / installing what the tests need:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086  # the words of $missing are package names
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
    echo "安装失败，以上是 apt-get 的说明（全文：$log）/ apt-get failed, its words are above (in full: $log)" >&2
else
    echo "测试还需要以下系统程序，请先运行 / the tests need programs that are not installed; type:" >&2
    echo "    sudo apt-get install$missing" >&2
    echo "缺少的部分将被跳过，并在测试结束时列出 / without them some tests are skipped and named at the end" >&2
fi
[ "${JIESU_TESTS_COMPLETE:-0}" != 1 ]

#!/bin/sh
# Makes the virtual environment, or says in one sentence what is missing: venv.sh PYTHON FOLDER
set -eu
python=$1 folder=$2

if ! command -v "$python" >/dev/null; then
    echo "找不到 $python，请先安装 Python 3.11 或更高版本 / $python not found; install Python 3.11 or newer (Debian: apt-get install python3 python3-pip)" >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "需要 Python 3.11 或更高版本，$python 是 $("$python" -V 2>&1)；可用 make PYTHON=python3.12 指定 / Python 3.11 or newer is needed, $python is $("$python" -V 2>&1); choose one with make PYTHON=python3.12" >&2
    exit 2
fi
if ! "$python" -c 'import venv' 2>/dev/null; then
    echo "这个 Python 没有 venv 模块 / this Python has no venv module (Debian: apt-get install python3-venv)" >&2
    exit 2
fi

if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv "$folder"
elif "$python" -m pip --version >/dev/null 2>&1; then
    # Debian keeps ensurepip in python3-venv; the pip that is there can fill the environment as well.
    "$python" -m venv --without-pip "$folder"
    "$python" -m pip --quiet --disable-pip-version-check --python "$folder/bin/python" install pip
else
    echo "没有 pip，也没有 ensurepip / neither pip nor ensurepip is installed (Debian: apt-get install python3-venv)" >&2
    exit 2
fi

#!/bin/sh
# Makes the virtual environment, or keeps the one that is there and works.
# Usage: PYTHON=python3.12 packaging/venv.sh .venv
set -eu
venv=$1
python=${PYTHON:-python3}
recent='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c "$recent" 2>/dev/null; then
    clear=
else
    clear=--clear
    if ! command -v "$python" >/dev/null; then
        echo "Python 3.11 or newer is needed, and there is no '$python' here. Install it, or name one: make PYTHON=python3.12 …" >&2
        exit 1
    fi
    if ! "$python" -c "$recent"; then
        echo "Python 3.11 or newer is needed, and '$python' is $("$python" --version 2>&1). Name another: make PYTHON=python3.12 …" >&2
        exit 1
    fi
fi
if ! "$python" -c 'import sys, pip; sys.exit(tuple(map(int, pip.__version__.split(".")[:2])) < (22, 3))' 2>/dev/null; then
    echo "pip 22.3 or newer is needed beside '$python' (Debian, Ubuntu: apt install python3-pip)." >&2
    exit 1
fi
if [ -n "$clear" ]; then
    "$python" -m venv --without-pip --clear "$venv"
fi

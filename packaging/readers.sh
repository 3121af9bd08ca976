#!/bin/sh
# Installs the calendar programs that the tests read our feeds with into $venv/readers, an environment of their own:
#   bin/khal, bin/vdirsyncer, bin/python with ics.py    (requirements/readers.txt)
#   node_modules with ical.js and node-ical, bin/node   (packaging/readers/package-lock.json)
# Node.js 18+ with npm 7+ is used where it is; elsewhere pip brings one along (requirements/node.txt).
# Usage: PYTHON=python3 packaging/readers.sh .venv
set -eu
folder=$1/readers
python=${PYTHON:-python3}

"$python" -m venv --without-pip --clear "$folder"
bin=$(cd "$folder/bin" && pwd)

install() {
    "$python" -m pip --python "$bin/python" --disable-pip-version-check install --quiet --require-hashes -r "$1"
}

major() {
    "$@" --version 2>/dev/null | sed 's/^v//; s/\..*//'
}

# Both wait for the network more than for the processor.
log=$folder/install.log
install requirements/readers.txt >"$log" 2>&1 &
if command -v node npm >/dev/null && [ "$(major node)" -ge 18 ] 2>/dev/null && [ "$(major npm)" -ge 7 ] 2>/dev/null; then
    ln -s "$(command -v node)" "$bin/node"
    npm=npm
else
    wait
    install requirements/node.txt >>"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    PATH=$bin:$PATH
    npm=$bin/npm
fi
cp packaging/readers/package.json packaging/readers/package-lock.json "$folder"
if ! "$npm" ci --prefix "$folder" --ignore-scripts --no-audit --no-fund >"$folder/npm.log" 2>&1; then
    cat "$folder/npm.log" >&2
    exit 1
fi
wait
if ! [ -x "$bin/khal" ] || ! [ -x "$bin/vdirsyncer" ]; then
    cat "$log" >&2
    exit 1
fi

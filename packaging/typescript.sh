#!/bin/sh
# Installs the type checker of the Mini App's modules, as packaging/typescript/package-lock.json pins it, into the
# virtual environment: as $venv/bin/tsc, a program that needs no Node.js. npm 7+ fetches it; where there is none, pip
# brings one along (requirements/node.txt).
# Usage: PYTHON=python3 packaging/typescript.sh .venv
set -eu
venv=$1
python=${PYTHON:-python3}
folder=$venv/typescript

if command -v npm >/dev/null && [ "$(npm --version 2>/dev/null | cut -d. -f1)" -ge 7 ] 2>/dev/null; then
    npm=npm
else
    echo "Installing requirements/node.txt into $venv/node, since there is no npm here …"
    "$python" -m venv --without-pip --clear "$venv/node"
    "$python" -m pip --python "$venv/node/bin/python" --disable-pip-version-check install --quiet \
        --require-hashes -r requirements/node.txt
    PATH=$(cd "$venv/node/bin" && pwd):$PATH
    npm=$venv/node/bin/npm
fi

rm -rf "$folder"
mkdir -p "$folder"
cp packaging/typescript/package.json packaging/typescript/package-lock.json "$folder"
log=$folder/install.log
if ! "$npm" ci --prefix "$folder" --ignore-scripts --no-audit --no-fund >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
# Of its builds npm has installed the one for this machine.
found=$(cd "$folder" && ls node_modules/@typescript/*/lib/tsc)
ln -sf "../typescript/$found" "$venv/bin/tsc"
rm -rf "$venv/node"

#!/bin/sh
# Writes dist/SHA256SUMS of what is there to be delivered; `sha256sum --check SHA256SUMS` in that folder checks it.
set -eu
cd "$(dirname "$0")/../dist"
find . -maxdepth 2 -type f \( -name 'duty-teller' -o -name '*.deb' -o -name '*.cdx.json' -o -name '*.whl' \) \
    ! -path './folder/*' -print | sed 's,^\./,,' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS.new
mv SHA256SUMS.new SHA256SUMS

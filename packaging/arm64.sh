#!/bin/sh
# Builds the one-file binary and the Debian package for 64-bit ARM (Raspberry Pi 3 and newer) on a Debian of another
# architecture, as root: in a Debian 12 of that architecture, made in a folder, whose programs qemu runs. What needs no
# such machine is done outside: fetching the libraries, compiling the bootloader, putting the package together, looking
# through it with lintian. On a 64-bit ARM machine itself, `make binary` and `make deb` do the same at their own speed.
# Puts dist/arm64/duty-teller and dist/duty-teller_VERSION_arm64.deb, each with its SBOM, beside what is there, and says how
# large they are, which glibc they need, and how soon each is healthy (by qemu: a machine of its own is faster).
# Usage: packaging/arm64.sh [FOLDER]     FOLDER is kept and used again; without one it is made and removed
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' duty_teller/__init__.py)

[ "$(id -u)" = 0 ] || { echo "This needs root: it makes a Debian in a folder and enters it." >&2; exit 1; }
packaging/debian-packages.sh foreign
for tool in debootstrap qemu-aarch64-static; do
    command -v $tool >/dev/null || { echo "This needs $tool (debootstrap, qemu-user-static)." >&2; exit 1; }
done

# The kernel hands programs of that architecture to qemu. Debian's package sees to it where systemd or binfmt-support runs.
binfmt=/proc/sys/fs/binfmt_misc
[ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt
if [ ! -e $binfmt/qemu-aarch64 ]; then
    magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
    mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
    printf '%s' ":qemu-aarch64:M::$magic:$mask:$(command -v qemu-aarch64-static):F" >$binfmt/register
fi

root=${1:-}
if [ -z "$root" ]; then
    root=$(mktemp -d /var/tmp/duty-teller-arm64.XXXXXX)
    trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT INT TERM
else
    trap 'umount "$root/proc" 2>/dev/null || true' EXIT INT TERM
fi
if [ ! -e "$root/ready" ]; then
    echo "A Debian 12 (arm64) in $root …"
    debootstrap --arch=arm64 --variant=minbase --include=python3,libpython3.11,binutils,chrpath \
        bookworm "$root" "$mirror" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; exit 1; }
    rm -f "$root.log"
    touch "$root/ready"
fi
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
inside() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        PYTHONPATH=/build/site:/build/source PYTHONHASHSEED=1 SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" "$@"
}

echo "The packages for it …"
rm -rf "$root/build"
mkdir -p "$root/build/source" "$root/build/site" "$root/build/tools"
git archive HEAD | tar -x -C "$root/build/source"
only() {  # prints the named packages of a requirement file, with their hashes
    awk -v names="$2" 'BEGIN { split(names, n, " "); for (i in n) wanted[n[i]] = 1 }
        /^[^ #]/ { split($0, a, "=="); ours = a[1] in wanted } ours' "requirements/$1"
}
fetch() {
    "$python" -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps --no-compile \
        --only-binary :all: --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none \
        --platform manylinux_2_34_aarch64 --platform manylinux_2_31_aarch64 --platform manylinux_2_28_aarch64 \
        --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64 --target "$root/build/$1" -r "$2"
}
list=$root/build/requirements.txt
{
    cat requirements/run.txt
    only dev.txt "altgraph packaging pyinstaller pyinstaller-hooks-contrib shtab"
} >"$list"
fetch site "$list"
awk '/^[^ #]/ { ours = !/^(ziglang|hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } ours' \
    requirements/binary.txt >"$list"
fetch tools "$list"
make --no-print-directory .venv/.dev-ready build/tools/.ready
PYTHON=$python packaging/bootloader/build.sh aarch64
mkdir -p "$root/build/source/build/bootloader"
cp build/bootloader/aarch64 "$root/build/source/build/bootloader/"

source=$root/build/source
package=duty-teller_${version}_arm64

echo "The binary and the folder, by qemu …"
inside DUTY_TELLER_FORMS="file folder" sh -c \
    "cd /build/source && exec python3 -X no_debug_ranges -m PyInstaller --noconfirm --clean --log-level ERROR duty_teller.spec"

echo "The package and what is inside …"
packaging/debian-packages.sh deb
ARCHITECTURE=arm64 PY="$PWD/.venv/bin/python" "$source/packaging/deb/build.sh"
contents="cd /build/source && PYTHONPATH=/build/tools:/build/site exec python3 packaging/contents.py build/duty_teller/contents.json"
inside sh -c "$contents dist/duty-teller dist/duty-teller.cdx.json"
inside sh -c "$contents dist/$package.deb dist/$package.cdx.json"

echo "Does it work? …"
healthy() {  # starts a program that is inside, without a network to Telegram, and says after how long it was healthy
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    begun=$(date +%s%N)
    inside DATA_DIR=/tmp/data ADMIN_IDS=1 BOT_TOKEN=1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa BOT_API_BASE_URL=http://127.0.0.1:9 \
        HTTP_PORT="$port" sh -c 'echo $$ >/tmp/pid; exec "$0" run' "$1" >"$root/tmp/log" 2>&1 &
    running=$!
    until "$python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/healthz', timeout=9)" 2>/dev/null; do
        kill -0 $running 2>/dev/null || { cat "$root/tmp/log" >&2; exit 1; }
        sleep 0.1
    done
    after=$((($(date +%s%N) - begun) / 1000000000))
    first=$(cat "$root/tmp/pid")
    cpu=$(ps -o times= --pid "$first" --ppid "$first" | awk '{ all += $1 } END { print all }')
    echo "$1: healthy after $after s by qemu, $cpu s of them the processor's (load $(cut -d ' ' -f 1 /proc/loadavg))"
    kill "$first"
    wait $running
    rm -rf "$root/tmp/data" "$root/tmp/log" "$root/tmp/pid"
}
healthy /build/source/dist/duty-teller
inside dpkg --install "/build/source/dist/$package.deb" >/dev/null
inside duty-teller version
inside dpkg --verify duty-teller
healthy /usr/bin/duty-teller
inside dpkg --purge duty-teller >/dev/null
! command -v lintian >/dev/null || lintian --fail-on error "$source/dist/$package.deb"

mkdir -p dist/arm64
cp "$source/dist/duty-teller" "$source/dist/duty-teller.cdx.json" dist/arm64/
cp "$source/dist/$package.deb" "$source/dist/$package.cdx.json" dist/
packaging/checksums.sh
for file in dist/arm64/duty-teller "dist/$package.deb"; do
    echo "$file: $(($(wc -c <"$file") / 1024)) KiB"
done
echo "needs glibc $(dpkg-deb --field "dist/$package.deb" Depends | sed 's/.*libc6 (>= \([0-9.]*\)).*/\1/')"

#!/bin/sh
# Builds build/bootloader/ARCH, the program in front of the one-file binary: PyInstaller's bootloader, from the sources of
# the pinned version, with preflight.c beside it. Zig compiles it, a C compiler that pip brings: against glibc 2.17 on any
# machine, so that it can still say that the system is too old, for any architecture, and to the same bytes everywhere.
# Called by `make binary`, which has installed requirements/binary.txt into build/tools.
# Usage: PYTHON=python3 packaging/bootloader/build.sh [x86_64 | aarch64]
set -eu
cd "$(dirname "$0")/../.."
here=packaging/bootloader
python=${PYTHON:-python3}
architecture=${1:-$(uname -m)}
folder=build/bootloader
case $architecture in
x86_64 | aarch64) target=$architecture-linux-gnu.2.17 ;;
*)
    echo "The one-file binary is built for x86_64 and aarch64, and this is $architecture: install with pip (see README)." >&2
    exit 1
    ;;
esac

mkdir -p "$folder"
# PyInstaller's sources, exactly those of the version that packs the rest.
awk '/^[^ #]/ { ours = /^pyinstaller==/ } ours' requirements/dev.txt >"$folder/pyinstaller.txt"
inputs=$(cat "$here/build.sh" "$here/preflight.c" requirements/binary.txt "$folder/pyinstaller.txt" | sha256sum)
[ ! -x "$folder/$architecture" ] || [ "$(cat "$folder/$architecture.inputs")" != "$inputs" ] || exit 0
echo "Building $folder/$architecture …"

sources=$folder/sources
rm -rf "$sources" "$folder/$architecture"
mkdir -p "$sources"
tools=$PWD/build/tools
"$python" -m pip --python "$tools/bin/python" --disable-pip-version-check download --quiet --require-hashes --no-deps \
    --no-build-isolation --no-binary pyinstaller --dest "$sources" -r "$folder/pyinstaller.txt"
tar -xzf "$sources"/pyinstaller-*.tar.gz -C "$sources" --strip-components 1
cp "$here/preflight.c" "$sources/bootloader/src/"
rm "$sources/bootloader/src/pyi_global_posix.c"

result=$PWD/$folder/$architecture
cd "$sources/bootloader"
export ZIG_GLOBAL_CACHE_DIR="$PWD/cache" ZIG_LOCAL_CACHE_DIR="$PWD/cache"
compile() {
    "$tools/bin/python" -m ziglang cc -target "$target" -O2 -Isrc -Izlib \
        -DNDEBUG -D_REENTRANT -D_DEFAULT_SOURCE -DPYI_USE_POSIX_SEMAPHORE -DHAVE_STDBOOL_H -DHAVE_UNSETENV=1 \
        -DHAVE_MKDTEMP=1 -DHAVE_DIRNAME=1 -DHAVE_BASENAME=1 -DHAVE_WCSDUP=1 "$@"
}
# The two calls that preflight.c answers.
compile -Dpyi_create_temporary_application_directory=duty_teller_create_folder \
    -Dpyi_launch_extract_files_from_archive=duty_teller_unpack -c src/pyi_main.c -o pyi_main.o
mv src/pyi_main.c pyi_main.c
compile -s pyi_main.o src/*.c zlib/*.c -o "$result" -ldl -lpthread -lm
cd - >/dev/null
rm -rf "$sources"
echo "$inputs" >"$folder/$architecture.inputs"

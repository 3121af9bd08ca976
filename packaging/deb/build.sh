#!/bin/sh
# Builds dist/duty-teller_VERSION_ARCHITECTURE.deb, for the machine it runs on unless ARCHITECTURE is set: the binary as one
# folder, which PyInstaller has put into dist/folder/duty-teller, with unit, man page, completion and the scripts beside this
# one. The same sources on the same machine give the same bytes (SOURCE_DATE_EPOCH). Called by `make deb`.
set -eu

cd "$(dirname "$0")/../.."
here=packaging/deb
python=${PY:-.venv/bin/python}
command -v dpkg-deb >/dev/null || { echo "This needs Debian or one of its relatives: dpkg-deb is missing" >&2; exit 1; }

version=$($python -c 'from duty_teller import __version__; print(__version__)')
architecture=${ARCHITECTURE:-$(dpkg --print-architecture)}
glibc=$($python packaging/glibc.py dist/folder/duty-teller)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM
chmod 755 "$root"

umask 022
doc=$root/usr/share/doc/duty-teller
mkdir -p "$root/DEBIAN" "$root/usr/lib" "$root/usr/bin" "$doc/examples"
cp -a dist/folder/duty-teller "$root/usr/lib/duty-teller"
find "$root/usr/lib/duty-teller" -type d -exec chmod 755 {} +
find "$root/usr/lib/duty-teller" -type f -exec chmod 644 {} +
chmod 755 "$root/usr/lib/duty-teller/duty-teller"
# The libraries lie side by side and find one another without the paths of the machine they were built on.
find "$root/usr/lib/duty-teller" -name '*.so*' -type f -exec chrpath --delete {} + >/dev/null 2>&1 || true
ln -s ../lib/duty-teller/duty-teller "$root/usr/bin/duty-teller"

# Without the head that says how to install it by hand. A folder runs in one process, where the one file unpacks itself in a
# parent of its own: so nobody else need speak to systemd.
unit=$root/usr/lib/systemd/system/duty-teller.service
mkdir -p "$(dirname "$unit")"
sed -e '1,/^$/d' -e '/^# READY=1 comes from the child/d' -e 's/^NotifyAccess=all$/NotifyAccess=main/' \
    systemd/duty-teller.service >"$unit"

man=$root/usr/share/man/man1
mkdir -p "$man"
sed "s/@VERSION@/$version/" "$here/duty-teller.1" | gzip -9n >"$man/duty-teller.1.gz"
completion=$root/usr/share/bash-completion/completions
mkdir -p "$completion"
$python -m shtab --shell=bash duty_teller.main._parser >"$completion/duty-teller"

cp "$here/copyright" "$doc/copyright"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
cp README.md "$doc/README.md"
cp .env.example "$doc/examples/duty-teller.env"
mkdir -p "$root/usr/share/lintian/overrides"
cp "$here/lintian-overrides" "$root/usr/share/lintian/overrides/duty-teller"

for script in postinst prerm postrm; do
    install -m 755 "$here/$script" "$root/DEBIAN/$script"
done
size=$(du -sk --apparent-size "$root/usr" | cut -f 1)
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@GLIBC@/$glibc/; s/@SIZE@/$size/" \
    "$here/control" >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-1700000000}" {} +

package=dist/duty-teller_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package: $(($(wc -c <"$package") / 1024)) KiB"

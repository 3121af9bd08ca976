#!/bin/sh
# Installs what a target needs beyond Python, where that is possible: on Debian and its relatives, as root or with a
# sudo that asks nothing. Elsewhere it says what is missing and leaves it to the target to do without.
# Usage: packaging/debian-packages.sh test | binary | deb | foreign | machine | postgresql
set -eu

as_root() {
    if [ "$(id -u)" = 0 ]; then
        sudo=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo="sudo -n"
    else
        return 1
    fi
}

# Chromium without its windows: a page opens for a third of the CPU time. Not every distribution has it.
shell=chromium-headless-shell
may_have_shell() {
    command -v apt-cache >/dev/null || return 1
    apt-cache show $shell >/dev/null 2>&1 || ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1
}

case ${1-} in
test)
    purpose="the browser tests, the clock of the end-to-end test and a reader of calendars"
    # The reverse proxies of our recipes: in CI alone, for on somebody's own machine they would be started.
    proxies=
    [ -z "${CI-}" ] || { command -v nginx && command -v caddy; } >/dev/null || proxies="nginx-light caddy"
    if [ -z "$proxies" ] && ls /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/*/libatomic.so.1 \
        /usr/lib/*/libical.so.3 >/dev/null 2>&1; then
        command -v $shell >/dev/null && exit 0
        command -v chromium >/dev/null && ! { may_have_shell && as_root; } && exit 0
    fi
    # libatomic1: Playwright's driver is linked against it. libical3: the calendar library of GNOME and KDE.
    packages="$shell fonts-noto-color-emoji fonts-dejavu-core fonts-noto-core libatomic1 libfaketime libical3 $proxies"
    ;;
postgresql)
    purpose="the tests on PostgreSQL"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0
    packages="postgresql"
    ;;
deb)
    purpose="the Debian package"
    command -v chrpath >/dev/null && exit 0
    packages="chrpath"
    ;;
foreign)
    purpose="building for another architecture"
    command -v debootstrap >/dev/null && command -v qemu-aarch64-static >/dev/null && exit 0
    packages="debootstrap qemu-user-static"
    ;;
machine)
    purpose="a machine to install the package on"
    command -v debootstrap >/dev/null && command -v systemd-nspawn >/dev/null && exit 0
    packages="debootstrap systemd-container"
    ;;
binary)
    purpose="PyInstaller"
    # objcopy and strip, and the interpreter as a shared library (Debian's own python3 has none built in).
    command -v objcopy >/dev/null && "${PY:-.venv/bin/python}" - <<'CHECK' && exit 0
import pathlib, sys, sysconfig
name, folder = sysconfig.get_config_var("INSTSONAME") or "", sysconfig.get_config_var("LIBDIR") or ""
arch = sysconfig.get_config_var("MULTIARCH") or ""
sys.exit(not any((pathlib.Path(f) / name).is_file() for f in (folder, f"{folder}/{arch}") if name.count(".so")))
CHECK
    version=$("${PY:-.venv/bin/python}" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    packages="binutils libpython$version"
    ;;
*)
    echo "usage: $0 test | binary | deb | foreign | machine | postgresql" >&2
    exit 2
    ;;
esac

if ! command -v apt-get >/dev/null; then
    echo "Not installed for $purpose, since there is no apt-get here: $packages" >&2
    exit 0
fi
if ! as_root; then
    echo "Not installed for $purpose, since that needs root: apt-get install $packages" >&2
    exit 0
fi

echo "Installing for $purpose: $packages"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # $sudo and $packages are lists
install() {
    $sudo apt-get update -q || return
    may_have_shell || packages=$(echo "$packages" | sed "s/$shell/chromium/")
    $sudo apt-get install -q -y --no-install-recommends $packages
}
if ! install >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    echo "They could not be installed; going on without." >&2
fi

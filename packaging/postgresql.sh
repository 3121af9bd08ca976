#!/bin/sh
# Runs a command beside a PostgreSQL server of its own: Debian's, in a temporary folder, on a free port of this machine,
# as a user who is not root; stopped and removed afterwards. DUTY_TELLER_POSTGRESQL tells the command where it is.
# Usage: packaging/postgresql.sh COMMAND …
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "This needs PostgreSQL: apt-get install postgresql" >&2; exit 1; }

as=
if [ "$(id -u)" = 0 ]; then  # the server refuses to run as root
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
folder=$(mktemp -d)
[ -z "$as" ] || chown postgres "$folder"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
stop() {
    # shellcheck disable=SC2086  # $as is a list
    (cd / && $as "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop) || true
    rm -rf "$folder"
}
trap stop EXIT INT TERM

# shellcheck disable=SC2086
(cd / && $as "$bin/initdb" -D "$folder/data" -U duty -A trust -E UTF8 --no-sync >"$folder/log" 2>&1 &&
    $as "$bin/pg_ctl" -D "$folder/data" -s -w -l "$folder/server.log" \
        -o "-c listen_addresses=127.0.0.1 -p $port -k '$folder' -c fsync=off" start) || { cat "$folder"/*log >&2; exit 1; }
DUTY_TELLER_POSTGRESQL="postgresql+psycopg://duty@127.0.0.1:$port/postgres" "$@"

#!/bin/sh
# Brings the schema up to date, then becomes the program: it gets the signals itself. Any other command of duty-teller is run
# as it is: docker exec duty-teller entrypoint.sh import /data/may.xlsx
set -eu

[ $# -gt 0 ] || set -- run
if [ "$1" = run ]; then
    duty-teller migrate
fi
exec duty-teller "$@"

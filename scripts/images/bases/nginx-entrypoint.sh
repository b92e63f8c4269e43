#!/bin/sh
# As the official image: every executable step in order, then the command.
set -e
if [ "$1" = nginx ]; then
    for step in /docker-entrypoint.d/*.sh; do
        if [ -x "$step" ]; then "$step"; fi
    done
fi
exec "$@"

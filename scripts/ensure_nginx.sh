#!/usr/bin/env bash
# Print the path of nginx for the proof of the installation; as root on Debian or Ubuntu, install it when there is none.
set -euo pipefail
PATH="$PATH:/usr/sbin:/usr/local/sbin"
find_one() {
    if [ -n "${NGINX_PATH:-}" ]; then
        [ -x "$NGINX_PATH" ] && echo "$NGINX_PATH" && return 0
        echo "NGINX_PATH=$NGINX_PATH is not a program" >&2
        exit 1
    fi
    command -v nginx
}
find_one && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    {
        # It is only needed as a program: the package must not start a server on port 80.
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nginx-light
    } >&2 </dev/null
    find_one && exit 0
fi
echo "The proof of the installation needs nginx: install it (on Debian: sudo apt-get install nginx-light) or set NGINX_PATH." >&2
exit 1

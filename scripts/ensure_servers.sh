#!/usr/bin/env bash
# Have the servers that an administrator may put beside the product, to prove it against them: Debian's PostgreSQL (the
# one that comes along has no TLS), PgBouncer and Prometheus. As root on Debian or Ubuntu, install what is missing.
set -euo pipefail
PATH="$PATH:/usr/sbin:/usr/local/sbin"
missing() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql
    command -v pgbouncer >/dev/null || echo pgbouncer
    { command -v prometheus && command -v promtool; } >/dev/null || echo prometheus
}
mapfile -t packages < <(missing)
[ ${#packages[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    {
        # They are only needed as programs: the packages must not start servers on this machine.
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
    } >&2 </dev/null
    [ -z "$(missing)" ] && exit 0
fi
echo "The tests need: ${packages[*]}. Install them (on Debian: sudo apt-get install ${packages[*]})." >&2
exit 1

#!/bin/sh
# render.sh TARGET: writes nginx's whole configuration into TARGET, for a server without containers; then
# `nginx -c TARGET/nginx.conf`. deploy/systemd/ohmatdyt-nginx.service does both. Values come by environment.
set -eu
run="$1"
here="$(cd "$(dirname "$0")" && pwd)"
python="${OHMATDYT_PYTHON:-/opt/ohmatdyt/.venv/bin/python}"
# From `/`: in a folder with the sources their interface would be found in place of the installed one.
: "${WEB_ROOT:=$(cd / && "$python" -c 'import pathlib, ohmatdyt; print(pathlib.Path(ohmatdyt.__file__).parent / "web")')}"
[ -f "$WEB_ROOT/index.html" ] || { echo "WEB_ROOT: у $WEB_ROOT немає веб-інтерфейсу (make build-web)" >&2; exit 1; }
: "${LISTEN:=80}" "${LISTEN_TLS:=443}" "${ACME_ROOT:=/var/www/html}" "${ACCESS_LOG:=/dev/stdout}"
: "${TLS_CERTIFICATE:=/etc/ohmatdyt/tls/fullchain.pem}" "${TLS_KEY:=/etc/ohmatdyt/tls/privkey.pem}"
: "${API_SERVERS:=server 127.0.0.1:8000;}" "${RESOLVER:=127.0.0.1}"
: "${UPLOAD_LIMIT:=201m}" "${CALLER_RATE:=50}" "${ADDRESS_RATE:=500}"
RUN_DIR="$run" SNIPPET_SOURCE="$here/snippets" SNIPPETS="$run/snippets"
export WEB_ROOT LISTEN LISTEN_TLS ACME_ROOT TLS_CERTIFICATE TLS_KEY API_SERVERS RESOLVER
export UPLOAD_LIMIT CALLER_RATE ADDRESS_RATE RUN_DIR SNIPPET_SOURCE SNIPPETS

sh "$here/entrypoint/15-prepare.sh"
for template in "$here/templates/10-http.conf.template" "$here/${SITE:-templates-tls}/20-site.conf.template"; do
    # What `envsubst` does in the container's image, with what every system has.
    sed "s|/tmp/ohmatdyt|$run|g" "$template" | awk '{
        while (match($0, /\$\{[A-Z_]+\}/)) {
            name = substr($0, RSTART + 2, RLENGTH - 3)
            printf "%s%s", substr($0, 1, RSTART - 1), ENVIRON[name]
            $0 = substr($0, RSTART + RLENGTH)
        }
        print
    }' >"$run/conf/$(basename "$template" .template)"
done
sed -e "s|/tmp/ohmatdyt|$run|g" -e "s|/dev/stdout|$ACCESS_LOG|" "$here/nginx.conf" >"$run/nginx.conf"

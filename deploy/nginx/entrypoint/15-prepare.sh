#!/bin/sh
# Runs before nginx: writes what its configuration includes. RUN_DIR is where (the container's tmpfs).
set -eu
run="${RUN_DIR:-/tmp/ohmatdyt}"
mkdir -p "$run/conf" "$run/snippets"

# Proxies in front of nginx, by comma or space.
: >"$run/real-ip.inc"
: >"$run/proxies.inc"
for proxy in $(printf %s "${NGINX_TRUSTED_PROXIES:-}" | tr ',' ' '); do
    echo "set_real_ip_from $proxy;" >>"$run/real-ip.inc"
    echo "$proxy 1;" >>"$run/proxies.inc"
done

# One line for each page of the export that stands for many addresses: /cases/[publicId].html.
find "$WEB_ROOT" -name '*\[*.html' | sort | while read -r page; do
    name="${page#"$WEB_ROOT"}"
    pattern=$(printf %s "${name%.html}" | sed -e 's/[.]/\\./g' -e 's/\[[A-Za-z0-9_]*\]/[^\/]+/g')
    printf '"~^%s$" "%s";\n' "$pattern" "$name"
done >"$run/pages.inc"

# Snippets include each other by where they lie.
for snippet in "${SNIPPET_SOURCE:-/etc/nginx/snippets}"/*.conf; do
    sed "s|\${SNIPPETS}|$run/snippets|g" "$snippet" >"$run/snippets/$(basename "$snippet")"
done

# nginx says that `listen … http2` is out of date, and did not know `http2 on` before 1.25.1.
version=$("${NGINX:-nginx}" -v 2>&1 | sed 's|.*nginx/||; s|[^0-9.].*||' | awk -F. '{ print $1 * 1000000 + $2 * 1000 + $3 }')
if [ "$version" -ge 1025001 ]; then
    printf 'listen %s ssl default_server;\nhttp2 on;\n' "${LISTEN_TLS:-443}"
else
    printf 'listen %s ssl http2 default_server;\n' "${LISTEN_TLS:-443}"
fi >"$run/listen-tls.inc"

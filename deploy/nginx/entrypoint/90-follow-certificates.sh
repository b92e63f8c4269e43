#!/bin/sh
# Certificates are renewed while nginx runs: it reads them again twice a day.
set -eu
[ -n "${TLS_CERTIFICATE:-}" ] || exit 0
(while sleep 43200; do nginx -c /etc/nginx/nginx.conf -s reload || true; done) &

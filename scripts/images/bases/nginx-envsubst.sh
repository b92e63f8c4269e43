#!/bin/sh
# As the official image: variables that are set are filled into the templates, others stay as they are.
set -eu
from="${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"
to="${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}"
for template in "$from"/*.template; do
    awk '{
        while (match($0, /\$\{[A-Z_]+\}/)) {
            name = substr($0, RSTART + 2, RLENGTH - 3)
            printf "%s%s", substr($0, 1, RSTART - 1), (name in ENVIRON) ? ENVIRON[name] : substr($0, RSTART, RLENGTH)
            $0 = substr($0, RSTART + RLENGTH)
        }
        print
    }' "$template" >"$to/$(basename "$template" .template)"
done

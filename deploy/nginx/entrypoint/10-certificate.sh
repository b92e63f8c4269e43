#!/bin/sh
# A certificate that is missing or closed to nginx is said in a sentence, and the container is `unhealthy` until it can
# be read; ending here would only make it start again for ever, and look started.
set -eu
[ -n "${TLS_CERTIFICATE:-}" ] || exit 0
said=""
for file in "$TLS_CERTIFICATE" "$TLS_KEY"; do
    while ! [ -s "$file" ] || ! [ -r "$file" ]; do
        if [ -r "$file" ] || ! [ -e "$file" ]; then
            now="TLS_DIR: немає файлу $(basename "$file") або він порожній. Покладіть сертифікат; nginx чекає."
        else
            now="TLS_DIR: $(basename "$file") закритий для nginx. На сервері: chgrp $(id -g) $(basename "$file") && chmod 0640 $(basename "$file"); nginx чекає."
        fi
        if [ "$now" != "$said" ]; then echo "$now" >&2; fi
        said="$now"
        sleep 2
    done
done

#!/bin/sh
# certbot's deploy hook: hands a new certificate over to nginx. The key stays closed to everybody but root and the group
# of nginx in its container (101); each file appears whole, because nginx may read at any moment.
set -eu
to="${TLS_TARGET:-/tls}"
group="${TLS_GROUP:-101}"
hand_over() {
    install -m "$2" "$RENEWED_LINEAGE/$1" "$to/.$1"
    chgrp "$group" "$to/.$1"
    mv "$to/.$1" "$to/$1"
}
umask 077
hand_over fullchain.pem 0644
hand_over privkey.pem 0640

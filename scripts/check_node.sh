#!/usr/bin/env bash
# Say clearly when Node is missing or too old for the web interface.
set -euo pipefail
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "Node 20.19 or newer with npm is needed to build the web interface." >&2
    exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node $(node --version) is too old: 20.19 or newer is needed to build the web interface." >&2
    exit 1
fi

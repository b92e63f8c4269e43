#!/usr/bin/env bash
# Print a Python of version 3.11 or newer.
set -euo pipefail
for name in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
echo "Python 3.11 or newer with venv is needed (on Debian: apt-get install python3 python3-venv), or set PYTHON." >&2
exit 1

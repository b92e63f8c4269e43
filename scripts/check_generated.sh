#!/usr/bin/env bash
# Refuse generated files that differ from what the code would generate now.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
.venv/bin/ohmatdyt openapi --out "$fresh/openapi.json"
if ! cmp -s frontend/openapi.json "$fresh/openapi.json"; then
    echo "frontend/openapi.json is not what the code says: run 'make openapi'" >&2
    exit 1
fi
(cd frontend && npx --no-install openapi-typescript openapi.json -o "$fresh/schema.gen.ts" >/dev/null)
if ! cmp -s frontend/src/shared/api/schema.gen.ts "$fresh/schema.gen.ts"; then
    echo "frontend/src/shared/api/schema.gen.ts is not what openapi.json says: run 'make openapi'" >&2
    exit 1
fi
echo "generated files are up to date"

#!/usr/bin/env bash
# Print the path of a Chromium for the browser journeys; as root on Debian or Ubuntu, install one when there is none.
set -euo pipefail
find_one() {
    if [ -n "${CHROMIUM_PATH:-}" ]; then
        [ -x "$CHROMIUM_PATH" ] && echo "$CHROMIUM_PATH" && return 0
        echo "CHROMIUM_PATH=$CHROMIUM_PATH is not a program" >&2
        exit 1
    fi
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    local app="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    [ -x "$app" ] && echo "$app" && return 0
    return 1
}
find_one && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    {
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium
    } >&2 </dev/null
    find_one && exit 0
fi
echo "The browser journeys need Chromium: install it (on Debian: sudo apt-get install chromium) or set CHROMIUM_PATH." >&2
exit 1

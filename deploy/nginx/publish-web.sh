#!/bin/sh
# publish-web BUILD SITE: brings the site up to the build. A window opened before an update still asks for parts of
# earlier builds: those of the last one stay, older ones go a month after they were last published.
set -eu
build="$1" site="$2"
if ! cmp -s "$build/version.json" "$site/version.json"; then
    if [ -e "$site/.published" ]; then
        find "$site" -type f ! -newer "$site/.published" -mtime +30 -exec rm -f {} +
    fi
    touch "$site/.published"
fi
cp -R "$build/." "$site/"

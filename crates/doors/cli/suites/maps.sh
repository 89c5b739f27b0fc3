#!/bin/sh
# Maps as others see them: a real browser measures every text of the drawings, Mermaid's own program
# draws the Mermaid files, Graphviz the DOT files.
# needs: node npm chromium dot
# install: mkdir -p "$GEMBA_SUITE_WORK/node" && cp suites/maps/package.json suites/maps/package-lock.json "$GEMBA_SUITE_WORK/node" && cd "$GEMBA_SUITE_WORK/node" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
#
# CHROMIUM names the browser. What was drawn is left in $GEMBA_SUITE_WORK/drawn.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
[ -n "${CHROMIUM:-}" ] || CHROMIUM=$(command -v chromium || command -v chromium-browser)
export CHROMIUM

# Modules are found from where a script is.
cp "$here"/maps/*.mjs "$here"/maps/*.md "$work/node/"
exec node "$work/node/maps.mjs" "$here/../../../shell/sample/processes" "$here/../../../core/library/sops"

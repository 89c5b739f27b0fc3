#!/bin/sh
# The pages in a real browser: the whole cycle from a document to a finished run, a change that a second
# person approves, every page at every width in both themes, the essential acts without a script, the keyboard alone,
# what comes from outside and goes there (a receiver on this machine), and pages that keep themselves true.
# needs: node npm chromium
# install: mkdir -p "$GEMBA_SUITE_WORK/node" && cp suites/browser/package.json suites/browser/package-lock.json "$GEMBA_SUITE_WORK/node" && cd "$GEMBA_SUITE_WORK/node" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
#
# GEMBA_CORPUS names the folder with `sops/`; CHROMIUM the browser. Names of stories as arguments
# (story, approval, plain, keys, writing, outside, live, pages) run only those. Screenshots are left in $GEMBA_SUITE_WORK/shots.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
[ -n "${CHROMIUM:-}" ] || CHROMIUM=$(command -v chromium || command -v chromium-browser)
[ -n "${GEMBA_CORPUS:-}" ] || GEMBA_CORPUS=$here/../../../../../shared/corpus
export CHROMIUM GEMBA_CORPUS

# Modules are found from where a script is.
rm -f "$work"/node/*.mjs
cp "$here"/browser/*.mjs "$work/node/"
exec node "$work/node/all.mjs" "$@"

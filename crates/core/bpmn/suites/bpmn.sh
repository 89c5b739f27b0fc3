#!/bin/sh
# Every process made into a BPMN model and opened where people open models: bpmn-moddle, bpmnlint's
# recommended rules, the drawing measured, bpmn-js in a real browser. Models of other tools come
# through unchanged in meaning and drawing.
# needs: node npm chromium
# install: mkdir -p "$GEMBA_SUITE_WORK/node" && cp suites/bpmn/package.json suites/bpmn/package-lock.json "$GEMBA_SUITE_WORK/node" && cd "$GEMBA_SUITE_WORK/node" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
#
# GEMBA_CORPUS names the folder with `sops/` and `bpmn/`; CHROMIUM the browser. The models are left in
# $GEMBA_SUITE_WORK/models.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
[ -n "${CHROMIUM:-}" ] || CHROMIUM=$(command -v chromium || command -v chromium-browser)
[ -n "${GEMBA_CORPUS:-}" ] || GEMBA_CORPUS=$here/../../../../../shared/corpus
GEMBA_LIBRARY=$here/../../library/sops
export CHROMIUM GEMBA_CORPUS GEMBA_LIBRARY

# Modules are found from where a script is.
rm -f "$work"/node/*.mjs
cp "$here"/bpmn/*.mjs "$work/node/"
exec node "$work/node/all.mjs"

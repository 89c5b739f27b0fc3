#!/bin/sh
# What `gemba check --format sarif` prints, against the published schema of SARIF 2.1.0.
# needs: node npm
# install: cp suites/sarif/package.json suites/sarif/package-lock.json "$GEMBA_SUITE_WORK" && cd "$GEMBA_SUITE_WORK" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
sops="$work/my sops"
mkdir -p "$sops"

# Findings of each kind: errors, warnings, infos, one with a fix, one with a second place.
cat >"$sops/bröken.md" <<'SOP'
---
onwer: Accounting
---

# Monthly invoicing

## Steps

1. **Ask for the hours** — Project lead {#hours}
2. **Collect the hours** — Project lead {#hours}
3. **Send the invoices** — Accounting

   - If one is returned, go back to step 1, collect the hours.
   - If all are returned, go back to step 9.
SOP

code=0
"$GEMBA_BIN" check --format sarif "$sops" >"$work/log.sarif" || code=$?
[ "$code" = 1 ] || { echo "check ended with $code"; exit 1; }
node "$here/sarif/validate.mjs" "$work" "$work/log.sarif"

# No finding, and still a log.
printf '%s\n' '---' 'owner: Accounting' 'trigger: monthly on the 1st' '---' '' '# Invoicing' '' 'All clients pay.' '' \
    '## Steps' '' '1. **Send the invoices** — Accounting' '' '## Expected output' '' '- All invoices are sent.' '' \
    '## Failure signals' '' '- An invoice is a draft on the 5th.' >"$work/sound.md"
"$GEMBA_BIN" check --strict --format sarif "$work/sound.md" | grep -q '"results": \[\]'

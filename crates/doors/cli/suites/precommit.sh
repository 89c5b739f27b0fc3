#!/bin/sh
# The hooks of `.pre-commit-hooks.yaml` run by the pre-commit framework: a document with an error holds
# the commit back, a sound one does not, and the fixing hook mends what is certain.
# needs: python3
# install: python3 -m venv "$GEMBA_SUITE_WORK/venv" && "$GEMBA_SUITE_WORK/venv/bin/pip" install --quiet --disable-pip-version-check pre-commit==4.7.0
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
rm -rf "$work/hooks" "$work/sops" "$work/home"
mkdir -p "$work/hooks" "$work/sops" "$work/home"
PATH=$(dirname "$GEMBA_BIN"):$PATH
PRE_COMMIT_HOME=$work/home
GIT_AUTHOR_NAME=Suite GIT_AUTHOR_EMAIL=suite@example.com
GIT_COMMITTER_NAME=Suite GIT_COMMITTER_EMAIL=suite@example.com
export PATH PRE_COMMIT_HOME GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

# The framework takes hooks from a repository: one that holds nothing but the file.
cp "$here/../../../../.pre-commit-hooks.yaml" "$work/hooks/"
(cd "$work/hooks" && git init -q . && git add -A && git commit -qm hooks)

cd "$work/sops"
git init -q .
write() {
    printf '%s\n' '---' 'owner: Accounting' 'trigger: monthly on the 1st' '---' '' '# Invoicing' '' 'All clients pay.' '' \
        '## Steps' '' "1. **Collect the hours** — Project lead$1" "2. **Send the invoices** — Accounting$2" "$3" \
        '## Expected output' '' '- All invoices are sent.' '' '## Failure signals' '' '- An invoice is a draft on the 5th.' >invoicing.md
    git add -A
}
try() {
    code=0
    "$work/venv/bin/pre-commit" try-repo "$work/hooks" "$1" --all-files >"$work/said" 2>&1 || code=$?
}
fail() {
    echo "$1"
    cat "$work/said"
    exit 1
}

printf 'go to step 14\n' >notes.txt
write '' '' ''
try gemba-check
[ "$code" = 0 ] || fail 'a sound document was held back'
grep -q Passed "$work/said" || fail 'the hook did not run'

write '' '' '
   - If one is returned, go back to step 9.
'
try gemba-check
[ "$code" = 1 ] || fail "a jump to nowhere ended with $code"
grep -q 'SOP0201' "$work/said" || fail 'the finding was not told'

# Two steps with one id: which is the other is certain.
write ' {#hours}' ' {#hours}' ''
try gemba-check-fix
[ "$code" = 1 ] || fail "a document that was changed ended with $code"
grep -q 'files were modified' "$work/said" || fail 'the change was not told'
git add -A
try gemba-check
[ "$code" = 0 ] || fail 'what was mended was held back'

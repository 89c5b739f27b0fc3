#!/bin/sh
# A seat as files for other agents, and back: every skill passes the validator of the Agent Skills format, every
# agent SOP is taken by the program of that format, and what both hold imports as the same processes.
# needs: python3
# install: python3 -m venv "$GEMBA_SUITE_WORK/venv" && "$GEMBA_SUITE_WORK/venv/bin/pip" install --quiet --disable-pip-version-check -r suites/seats/requirements.txt
set -eu

work=$GEMBA_SUITE_WORK
rm -rf "$work/files" "$work/back" "$work/made"
mkdir -p "$work/files" "$work/back" "$work/made"
: >"$work/out"
: >"$work/err"
"$GEMBA_BIN" demo --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT INT TERM
for _try in $(seq 600); do
    data=$(sed -n 's/.* is kept in \(.*\) until .*/\1/p' "$work/err")
    [ -z "$data" ] || break
    kill -0 "$server" || { cat "$work/err"; exit 1; }
    sleep 0.2
done
[ -n "$data" ] || { echo "the demo did not say where its data is"; exit 1; }

skills=0
sops=0
"$GEMBA_BIN" token list --data "$data" >/dev/null
for seat in "Ad scout" "KPI agent" "Call analyst" "Prospect researcher" Accounting; do
    for form in agents-md claude-md skills sop-md; do
        "$GEMBA_BIN" export "$work/files/$seat/$form" --seat "$seat" --as "$form" --data "$data" >/dev/null
    done
    cmp "$work/files/$seat/agents-md/AGENTS.md" "$work/files/$seat/claude-md/CLAUDE.md"
    grep -q "^## What you never do" "$work/files/$seat/agents-md/AGENTS.md" || [ "$seat" = Accounting ]
    for skill in "$work/files/$seat/skills"/*/; do
        "$work/venv/bin/agentskills" validate "$skill" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
        skills=$((skills + 1))
    done
    "$work/venv/bin/strands-agents-sops" skills --sop-paths "$work/files/$seat/sop-md" --output-dir "$work/made/$seat" >/dev/null
    for sop in "$work/files/$seat/sop-md"/*.sop.md; do
        name=$(basename "$sop" .sop.md)
        # What that program makes of it is a skill again, and valid.
        "$work/venv/bin/agentskills" validate "$work/made/$seat/$name" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
        sops=$((sops + 1))
    done
done
[ "$skills" -gt 5 ] && [ "$sops" -eq "$skills" ] || { echo "$skills skills, $sops agent SOPs"; exit 1; }
# A skill with a key of its own is refused: the validator looks.
mkdir -p "$work/made/wrong"
printf '%s\n' '---' 'name: wrong' 'description: d' 'owner: x' '---' >"$work/made/wrong/SKILL.md"
if "$work/venv/bin/agentskills" validate "$work/made/wrong" >/dev/null 2>&1; then echo "the validator takes anything"; exit 1; fi

# Back: three ways of the same SOPs into three workspaces give the same documents.
seat="Ad scout"
cp -r "$work/files/$seat/skills" "$work/files/$seat/sop-md" "$work/back/"
mkdir -p "$work/back/made"
for skill in "$work/files/$seat/skills"/*/; do
    cp -r "$work/made/$seat/$(basename "$skill")" "$work/back/made/"
done
for form in skills sop-md made; do
    "$GEMBA_BIN" setup --name Back --zone UTC --email o@example.com --owner Olga --data "$work/back/data-$form" </dev/null >/dev/null 2>&1
    "$GEMBA_BIN" import "$work/back/$form" --data "$work/back/data-$form" >"$work/back/$form.slugs" 2>"$work/said" || { cat "$work/said"; exit 1; }
    "$GEMBA_BIN" export "$work/back/out-$form" --data "$work/back/data-$form" >/dev/null 2>&1
    "$GEMBA_BIN" fmt "$work/back/out-$form/processes" >/dev/null 2>&1 || true
done
diff -r "$work/back/out-skills/processes" "$work/back/out-sop-md/processes"
diff -r "$work/back/out-sop-md/processes" "$work/back/out-made/processes"
echo "$skills skills and $sops agent SOPs are valid, and read back as the same"

#!/bin/sh
# The four example agents against the built program: each does its part of a run of the demo, one step
# at a time, and what it leaves is found there.
# needs: python3
set -eu

examples=$(cd "$(dirname "$0")/../../../../examples/agents" && pwd)
work=$GEMBA_SUITE_WORK
: >"$work/out"
: >"$work/err"
"$GEMBA_BIN" demo --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT INT TERM
for _try in $(seq 600); do
    GEMBA_URL=$(sed -n 's#^\(http://[^/]*\).*#\1#p' "$work/out" | head -n 1)
    [ -z "$GEMBA_URL" ] || break
    kill -0 "$server" || { cat "$work/err"; exit 1; }
    sleep 0.2
done
data=$(sed -n 's/.* is kept in \(.*\) until .*/\1/p' "$work/err")
[ -n "$data" ] || { echo "the demo did not say where its data is"; exit 1; }
export GEMBA_URL
token() { "$GEMBA_BIN" token create --data "$data" --seat "$1" --name suite --scope "$2" | tail -n 1; }
GEMBA_NUMBERS_TOKEN=$(token "KPI agent" numbers)
export GEMBA_NUMBERS_TOKEN

# FOLDER SEAT PROCESS STEPS: the worker does at least this many steps and gives none back.
agent() {
    GEMBA_TOKEN=$(token "$2" work)
    export GEMBA_TOKEN
    "$GEMBA_BIN" run "$3" --data "$data" >/dev/null
    "$GEMBA_BIN" agent run --seat "$2" --once -- python3 "$examples/$1/agent.py" 2>"$work/$1.err" ||
        { cat "$work/$1.err"; exit 1; }
    n=$(sed -n 's/^\([0-9]*\) steps submitted, 0 given back.*/\1/p' "$work/$1.err")
    [ "${n:-0}" -ge "$4" ] || { cat "$work/$1.err"; echo "$1 did ${n:-0} steps, not $4"; exit 1; }
    echo "$1: $n steps"
}

agent kpi-push "KPI agent" kpi-push-to-the-scorecard 5
GEMBA_DESK=$work/desk
export GEMBA_DESK
agent call-summary "Call analyst" daily-call-centre-performance-summary 5
grep -q "answered within 20 s" "$work/desk/summary.md"
agent ad-scan "Ad scout" morning-ad-account-scan 4
agent prospect-research "Prospect researcher" cold-prospect-research 4

# A command that fails is given up, and a person is asked.
GEMBA_TOKEN=$(token "Ad scout" work)
export GEMBA_TOKEN
"$GEMBA_BIN" run morning-ad-account-scan --data "$data" >/dev/null
if "$GEMBA_BIN" agent run --seat "Ad scout" --once --retries 1 -- sh -c 'echo broken >&2; exit 3' 2>"$work/failed.err"; then
    cat "$work/failed.err"
    exit 1
fi
grep -q "try 2 of 2" "$work/failed.err"
grep -q "given back to people" "$work/failed.err"
echo "a failing command is given up"

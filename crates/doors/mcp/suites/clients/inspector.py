"""The Inspector's command line: lists every tool strictly and calls every tool.

inspector.py ERA NODE INSPECTOR
"""

import json
import os
import subprocess
import sys

PROCESS = "monthly-invoicing"
era, *inspector = sys.argv[1:]


def ask(method, *options):
    command = [
        *inspector, "--cli", os.environ["GEMBA_URL"] + "/mcp", "--transport", "http",
        "--protocol-era", era, "--header", f"Authorization: Bearer {os.environ['GEMBA_TOKEN']}",
        "--format", "json", "--method", method, *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (method, options, done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)["result"]


called = set()


def tell(tool, **arguments):
    pairs = [f"{name}={json.dumps(value) if not isinstance(value, str) else value}"
             for name, value in arguments.items()]
    options = ["--tool-name", tool, *(["--tool-arg", *pairs] if pairs else [])]
    result = ask("tools/call", *options)
    assert not result.get("isError"), (tool, result)
    called.add(tool)
    return result["structuredContent"]


tools = {tool["name"] for tool in ask("tools/list", "--strict")["tools"]}
assert len(tools) == 18, tools

tell("get_my_seat")
assert tell("list_seats")["processes_without_owner"]
tell("list_gaps", limit=5)
assert tell("find_process", query="invoicing")["processes"]
assert "# Monthly invoicing" in tell("get_sop", process=PROCESS)["text"]
run = tell("start_run", process=PROCESS, title="Inspector")
work = run["open"][0]["work"]
tell("list_work", limit=50)
item = tell("get_work", work=work)
tell("claim_work", work=work)
tell("release_work", work=work)
tell("report_progress", work=work, note="half done")
tell("ask_human", work=work, question="Is the last day in?")
tell("report_problem", work=work, kind="sop_unclear", text="a trial")
assert not tell("propose_sop_change", text="# A trial", check_only=True)["kept"]
proof = {"text": "done", "link": "https://example.com/proof"}
completion = {
    "work": work,
    "evidence": [{"kind": asked["kind"], "value": proof[asked["kind"]]}
                 for asked in item.get("evidence", [])],
}
if item.get("branches"):
    completion |= {"branch": item["branches"][-1]["branch"], "reason": "a trial"}
tell("submit_work", **completion)
assert tell("get_run", run=run["run"])["n_done"] == 1
card = tell("list_measurables")["measurables"]
mine = next(row["slug"] for row in card if row["may_push"])
tell("push_values", values=[{"measurable": mine, "value": 1}])
assert called == tools, tools - called
print(f"inspector {era}: {len(tools)} tools listed strictly and called")

"""The Python client: lists and calls every tool, reads a resource, gets the prompts.

client.py http MODE | client.py stdio MODE COMMAND ARGUMENT...
"""

import asyncio
import os
import sys
import uuid

import httpx2
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

PROCESS = "monthly-invoicing"


async def told(client, called, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, (tool, result.content)
    assert result.structured_content is not None and result.content, tool
    called.add(tool)
    return result.structured_content


async def refused(client, code, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    assert result.is_error, (tool, result.structured_content)
    assert result.content[0].text.startswith(f"Refused ({code})"), result.content[0].text


async def try_all(client):
    tools = {tool.name for tool in (await client.list_tools()).tools}
    assert len(tools) == 18, tools
    called = set()

    async def tell(tool, **arguments):
        return await told(client, called, tool, **arguments)

    me = await tell("get_my_seat")
    assert [seat["slug"] for seat in me["seats"]] == ["accounting"], me

    seats = await tell("list_seats")
    owner = next(seat for seat in seats["seats"] if seat["slug"] == "accounting")
    assert PROCESS in [process["slug"] for process in owner["owns_recurring"]], owner
    assert seats["processes_without_owner"], seats
    await tell("list_gaps", limit=5)
    found = await tell("find_process", query="invoicing")
    assert PROCESS in [process["slug"] for process in found["processes"]], found
    sop = await tell("get_sop", process=PROCESS)
    assert "# Monthly invoicing" in sop["text"], sop

    key = str(uuid.uuid4())
    run = await tell("start_run", process=PROCESS, title="Clients", idempotency_key=key)
    again = await tell("start_run", process=PROCESS, title="Clients", idempotency_key=key)
    assert again == run, (again, run)
    work = run["open"][0]["work"]
    await tell("list_work", limit=50)
    item = await tell("get_work", work=work)
    assert item["yours"], item
    await tell("claim_work", work=work)
    await tell("release_work", work=work)
    await tell("claim_work", work=work)
    await tell("report_progress", work=work, note="half done")
    await tell("ask_human", work=work, question="Is the last day in?")
    await tell("report_problem", work=work, kind="sop_unclear", text="a trial")
    checked = await tell("propose_sop_change", process=PROCESS, text=sop["text"], check_only=True)
    assert checked["errors"] == 0 and not checked["kept"], checked
    proof = {"text": "done", "link": "https://example.com/proof"}
    completion = {
        "work": work,
        "note": "by the Python client",
        "evidence": [
            {"kind": asked["kind"], "value": proof[asked["kind"]]}
            for asked in item.get("evidence", [])
        ],
    }
    if item.get("branches"):
        completion |= {"branch": item["branches"][-1]["branch"], "reason": "a trial"}
    await tell("submit_work", **completion)
    await refused(client, "RUN0201", "submit_work", work=work)
    state = await tell("get_run", run=run["run"])
    assert state["n_done"] == 1, state

    card = await tell("list_measurables")
    mine = next(row["slug"] for row in card["measurables"] if row["may_push"])
    await tell("push_values", values=[{"measurable": mine, "value": 1}])
    for row in card["measurables"]:
        if not row["may_push"]:
            values = [{"measurable": row["slug"], "value": 1}]
            await refused(client, "APP0103", "push_values", values=values)

    await refused(client, "APP0301", "list_work", limit=5000)
    assert called == tools, tools - called

    resources = (await client.list_resources()).resources
    assert any(str(resource.uri) == f"sop://{PROCESS}" for resource in resources)
    read = await client.read_resource(f"sop://{PROCESS}")
    assert read.contents[0].text == sop["text"]
    assert len((await client.list_resource_templates()).resource_templates) == 5
    assert len((await client.list_prompts()).prompts) == 4
    prompt = await client.get_prompt("review_sop", {"process": PROCESS})
    assert len(prompt.messages) == 2


async def main():
    transport, mode, *command = sys.argv[1:]
    if transport == "stdio":
        server = StdioServerParameters(command=command[0], args=command[1:])
        async with Client(server, mode=mode) as client:
            await try_all(client)
            version = client.protocol_version
    else:
        headers = {"Authorization": f"Bearer {os.environ['GEMBA_TOKEN']}"}
        url = os.environ["GEMBA_URL"] + "/mcp"
        async with httpx2.AsyncClient(headers=headers) as http:
            async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
                await try_all(client)
                version = client.protocol_version
    way = "stdio --url" if "--url" in command else transport
    print(f"python {way} {mode}: every tool, protocol {version}")


asyncio.run(main())

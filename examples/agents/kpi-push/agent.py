#!/usr/bin/env python3
"""Pushes the numbers of a seat to the scorecard, as `sop.md` beside this file has it.

Run by `gemba agent run`: one call per step. The sources are a CSV file (GEMBA_VALUES; `values.csv`
where nothing is said) with the columns measurable and value. Values are pushed with a token that may
do nothing else (GEMBA_NUMBERS_TOKEN, made with `--scope numbers`).
"""

import csv
import json
import os
import pathlib
import sys
import urllib.request

# The address under which people find what this agent leaves in its folder.
FILES = os.environ.get("GEMBA_FILES", "https://files.example")
SOURCE = os.environ.get("GEMBA_VALUES", pathlib.Path(__file__).with_name("values.csv"))
URL = os.environ.get("GEMBA_URL", "http://127.0.0.1:7300")
# A jump of more than this share of the last value is looked at by a person.
JUMP = 0.4


def rest(method, path, body=None):
    request = urllib.request.Request(
        f"{URL}/api/v1{path}", method=method, data=json.dumps(body).encode() if body else None,
        headers={"authorization": f"Bearer {os.environ['GEMBA_NUMBERS_TOKEN']}",
                 "content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def values():
    with open(SOURCE, newline="") as file:
        return {row["measurable"]: float(row["value"]) for row in csv.DictReader(file)}


def odd():
    """The values that no one would believe without a look: negative, or far from the last ones."""
    found = []
    for slug, value in values().items():
        known = [week["value"] for week in rest("GET", f"/measurables/{slug}/values")["items"]
                 if week.get("value") is not None]
        if value < 0 or (known and abs(value - known[-1]) > JUMP * abs(known[-1])):
            found.append(f"{slug} = {value}")
    return found


def misses():
    """The measurables of this push that are off their goals, with their seats."""
    rows = rest("GET", "/measurables?limit=200")["items"]
    return [f"{row['seat']['name']}: {row['name']}"
            for row in rows if row["slug"] in values() and row["latest"] == "off_track"]


def answer(step, branches):
    def branch(first, why):
        return {"branch": branches[0 if first else -1]["id"], "reason": why}

    def text(words):
        return {"evidence": [{"kind": "text", "value": words}]}

    match step:
        case "read-sources":
            silent = not os.path.exists(SOURCE)
            words = f"{SOURCE} does not answer" if silent else f"{SOURCE}: {len(values())} values"
            return text(words) | branch(silent, words)
        case "report-source":
            return text(f"{SOURCE} is silent; nothing was pushed for what it holds")
        case "compute-values":
            return {"evidence": [{"kind": "link", "value": f"{FILES}/{pathlib.Path(SOURCE).name}"}],
                    "note": json.dumps(values())}
        case "check-values":
            wrong = odd()
            words = "; ".join(wrong) or "all values passed: no jump, nothing negative"
            return text(words) | branch(bool(wrong), words)
        case "push-values":
            for slug, value in values().items():
                rest("POST", f"/measurables/{slug}/values", {"value": value})
            return {"evidence": [{"kind": "link", "value": f"{URL}/scorecard"}],
                    "note": f"{len(values())} values pushed"}
        case "flag-misses":
            return text("Off the goal now, for these seats to see: " + ("; ".join(misses()) or "none"))
    print(f"this agent does not know the step `{step}`", file=sys.stderr)
    sys.exit(10)


item = json.load(open(os.environ["GEMBA_STEP"]))
with open(os.environ["GEMBA_OUTPUT"], "w") as out:
    json.dump(answer(item["step"]["id"], item["branches"]), out)

#!/usr/bin/env python3
"""Writes the daily summary of a call desk from a CSV export, as `sop.md` beside this file has it.

Run by `gemba agent run`: one call per step. The export is GEMBA_CALLS (`calls.csv` where nothing is
said) with the columns queue, seconds, wait_seconds, result and transcript. The summary is posted into
the folder GEMBA_DESK (`call-desk` among the temporary files where nothing is said). Where
GEMBA_NUMBERS_TOKEN and GEMBA_MEASURABLE are set, the answered share is pushed there, in percent.
"""

import collections
import csv
import json
import os
import pathlib
import sys
import tempfile
import urllib.request

# The address under which people find what this agent leaves in its folder.
FILES = os.environ.get("GEMBA_FILES", "https://files.example")
SOURCE = os.environ.get("GEMBA_CALLS", pathlib.Path(__file__).with_name("calls.csv"))
DESK = pathlib.Path(os.environ.get("GEMBA_DESK", f"{tempfile.gettempdir()}/call-desk"))
URL = os.environ.get("GEMBA_URL", "http://127.0.0.1:7300")
# The shares below which the SOP asks for another way.
TRANSCRIPTS, ANSWERED = 0.95, 0.8

with open(SOURCE, newline="") as file:
    calls = list(csv.DictReader(file))


def share(test):
    return sum(1 for call in calls if test(call)) / max(len(calls), 1)


def answered_share():
    return share(lambda c: int(c["wait_seconds"]) <= 20)


def figures():
    answered = answered_share()
    handled = [int(c["seconds"]) for c in calls if c["result"] != "abandoned"]
    return {
        "calls": len(calls),
        "answered within 20 s": f"{answered:.0%}",
        "abandoned": f"{share(lambda c: c['result'] == 'abandoned'):.0%}",
        "average handling": f"{sum(handled) / max(len(handled), 1):.0f} s",
        "resolved on the first call": f"{share(lambda c: c['result'] == 'resolved'):.0%}",
    }


def patterns():
    waits = collections.Counter(c["queue"] for c in calls if int(c["wait_seconds"]) > 20)
    found = [f"{n} calls of the queue {queue} waited longer than 20 s" for queue, n in waits.most_common(3)]
    return found or ["no pattern: nothing happened five times"]


def summary():
    lines = [f"- {name}: {value}" for name, value in figures().items()]
    return "# Calls of the day\n\n" + "\n".join(lines + ["", *patterns()]) + "\n"


def push_share():
    token, slug = os.environ.get("GEMBA_NUMBERS_TOKEN"), os.environ.get("GEMBA_MEASURABLE")
    if token and slug:
        body = json.dumps({"value": round(100 * answered_share(), 1)}).encode()
        request = urllib.request.Request(
            f"{URL}/api/v1/measurables/{slug}/values", method="POST", data=body,
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"})
        urllib.request.urlopen(request, timeout=30).close()


def answer(step, branches):
    def branch(first, why):
        return {"branch": branches[0 if first else -1]["id"], "reason": why}

    def text(words):
        return {"evidence": [{"kind": "text", "value": words}]}

    match step:
        case "read-calls":
            with_text = share(lambda c: c["transcript"] == "yes")
            words = f"{len(calls)} calls read, {with_text:.0%} with a transcript, none left out"
            return text(words) | branch(with_text < TRANSCRIPTS, words)
        case "report-gap":
            return text("calls without a transcript: " + ", ".join(
                sorted({c["queue"] for c in calls if c["transcript"] != "yes"})))
        case "compute-figures":
            link = f"{FILES}/{pathlib.Path(SOURCE).name}"
            return {"evidence": [{"kind": "link", "value": link}], "note": json.dumps(figures())}
        case "find-patterns":
            return text("\n".join(patterns()))
        case "write-summary":
            pathlib.Path("summary.md").write_text(summary())
            low = answered_share() < ANSWERED
            why = "fewer than 80% were answered in time" if low else "the answered share is as it should be"
            return {"evidence": [{"kind": "file", "path": "summary.md"}],
                    "note": "I chose the figures that the step names and no others."} | branch(low, why)
        case "post-summary":
            DESK.mkdir(parents=True, exist_ok=True)
            (DESK / "summary.md").write_text(summary())
            push_share()
            return {"evidence": [{"kind": "link", "value": f"{FILES}/{DESK.name}/summary.md"}]}
    print(f"this agent does not know the step `{step}`", file=sys.stderr)
    sys.exit(10)


item = json.load(open(os.environ["GEMBA_STEP"]))
with open(os.environ["GEMBA_OUTPUT"], "w") as out:
    json.dump(answer(item["step"]["id"], item["branches"]), out)

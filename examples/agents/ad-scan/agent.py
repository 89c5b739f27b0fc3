#!/usr/bin/env python3
"""Scans ad accounts in the morning and writes the brief, as `sop.md` beside this file has it.

Run by `gemba agent run`: one call per step. The accounts are CSV exports in the folder GEMBA_ACCOUNTS
(the folder of this file where nothing is said), with the columns account, campaign, daily_budget,
spend, usual_spend, conversions and rejected_ads. Where GEMBA_NUMBERS_TOKEN and GEMBA_MEASURABLE are
set, the number of anomalies is pushed there, so that a threshold on it can start another process.
"""

import csv
import json
import os
import pathlib
import sys
import urllib.request

# The address under which people find what this agent leaves in its folder.
FILES = os.environ.get("GEMBA_FILES", "https://files.example")
FOLDER = pathlib.Path(os.environ.get("GEMBA_ACCOUNTS", pathlib.Path(__file__).parent))
URL = os.environ.get("GEMBA_URL", "http://127.0.0.1:7300")
OFF, RUNAWAY = 0.4, 3.0

rows, unread = [], []
for path in sorted(FOLDER.glob("*.csv")):
    try:
        with open(path, newline="") as file:
            rows += [{k: v if k in ("account", "campaign") else float(v) for k, v in row.items()}
                     for row in csv.DictReader(file)]
    except (OSError, ValueError, TypeError) as error:
        unread.append(f"{path.name}: {error}")


def anomalies():
    found = []
    for row in rows:
        what = []
        if abs(row["spend"] - row["usual_spend"]) > OFF * row["usual_spend"]:
            what.append(f"spend {row['spend']:.0f}, usually {row['usual_spend']:.0f}")
        if row["rejected_ads"]:
            what.append(f"{row['rejected_ads']:.0f} rejected ads")
        if what:
            stake = row["spend"] - row["usual_spend"]
            found.append((stake, f"{row['account']} / {row['campaign']}: {', '.join(what)}"))
    return [words for _, words in sorted(found, reverse=True)]


def runaways():
    return [f"{r['account']} / {r['campaign']}" for r in rows if r["spend"] > RUNAWAY * r["daily_budget"]]


def raise_threshold():
    token, slug = os.environ.get("GEMBA_NUMBERS_TOKEN"), os.environ.get("GEMBA_MEASURABLE")
    if token and slug:
        body = json.dumps({"value": len(anomalies())}).encode()
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
        case "read-accounts":
            words = f"{len(rows)} campaigns read; missing: {'; '.join(unread) or 'none'}"
            return text(words) | branch(bool(unread), words)
        case "report-access":
            return text("\n".join(unread))
        case "find-anomalies":
            raise_threshold()
            return {"evidence": [{"kind": "link", "value": f"{FILES}/{FOLDER.name}"}],
                    "note": "\n".join(anomalies()) or "nothing is out of the ordinary"}
        case "judge-urgency":
            away = runaways()
            words = f"runaway: {', '.join(away)}" if away else "no spend is above three times its budget"
            return text(words) | branch(bool(away), words)
        case "pause-campaign":
            print("pausing is for a person: this agent reads exports and cannot reach the accounts",
                  file=sys.stderr)
            sys.exit(10)
        case "write-brief":
            items = anomalies()[:3] or ["Nothing urgent."]
            pathlib.Path("brief.md").write_text("# Ad accounts this morning\n\n" + "".join(
                f"- {words}\n" for words in items))
            return {"evidence": [{"kind": "file", "path": "brief.md"}],
                    "note": "I put those first that cost most; the proposals are yours to judge."}
    print(f"this agent does not know the step `{step}`", file=sys.stderr)
    sys.exit(10)


item = json.load(open(os.environ["GEMBA_STEP"]))
with open(os.environ["GEMBA_OUTPUT"], "w") as out:
    json.dump(answer(item["step"]["id"], item["branches"]), out)

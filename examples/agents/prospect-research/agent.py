#!/usr/bin/env python3
"""Researches prospects over a folder of notes, as `sop.md` beside this file has it.

Run by `gemba agent run`: one call per step. Each note (GEMBA_NOTES; the folder `notes` where nothing
is said) has lines `company:`, `fit:` and `timing:` (0 to 5), `source:`, `event:` and perhaps
`excluded:` with the rule. Nothing is invented: a note without a source is left out.
"""

import json
import os
import pathlib
import sys

# The address under which people find what this agent leaves in its folder.
FILES = os.environ.get("GEMBA_FILES", "https://files.example")
FOLDER = pathlib.Path(os.environ.get("GEMBA_NOTES", pathlib.Path(__file__).with_name("notes")))
ENOUGH, BAR = 12, 7


def read(path):
    lines = (line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in lines}


notes = [read(path) for path in sorted(FOLDER.glob("*.txt"))]
excluded = [note for note in notes if note.get("excluded") or not note.get("source")]
prospects = [note for note in notes if note not in excluded]


def score(note):
    return int(note.get("fit", 0)) + int(note.get("timing", 0))


chosen = sorted((n for n in prospects if score(n) >= BAR), key=lambda n: (-score(n), n["company"]))[:ENOUGH]


def answer(step, branches):
    def branch(first, why):
        return {"branch": branches[0 if first else -1]["id"], "reason": why}

    def text(words):
        return {"evidence": [{"kind": "text", "value": words}]}

    match step:
        case "read-brief":
            return text(f"{len(notes)} notes read, {len(excluded)} excluded: "
                        + ", ".join(n.get("excluded", "no source") for n in excluded))
        case "find-events":
            return {"evidence": [{"kind": "link", "value": chosen[0]["source"] if chosen
                                  else f"{FILES}/{FOLDER.name}"}],
                    "note": "\n".join(f"{n['company']}: {n['source']}" for n in chosen)}
        case "score-prospects":
            few = len(chosen) < ENOUGH
            words = "; ".join(f"{n['company']} {score(n)}" for n in prospects)
            return text(words[:3000]) | branch(few, f"{len(chosen)} score {BAR} or more")
        case "widen-search":
            return text("There is no other region among the notes; fewer are delivered.")
        case "write-notes":
            page = "".join(f"## {n['company']}\n\n{n['event']} ({n['source']})\n\n" for n in chosen)
            return {"evidence": [{"kind": "link", "value": f"{FILES}/{FOLDER.name}"}],
                    "note": f"I took the words of the sources and added none.\n\n{page}"[:3500]}
    print(f"this agent does not know the step `{step}`", file=sys.stderr)
    sys.exit(10)


item = json.load(open(os.environ["GEMBA_STEP"]))
with open(os.environ["GEMBA_OUTPUT"], "w") as out:
    json.dump(answer(item["step"]["id"], item["branches"]), out)

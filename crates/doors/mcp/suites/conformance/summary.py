"""Shows what a run of the conformance suite said at its end.

summary.py FILE WHAT

Of a requirement set the checks are counted that decide; those of extensions and of scenarios that
came after the revision are counted apart.
"""

import re
import sys

text = re.sub(r"\x1b\[\d*m", "", open(sys.argv[1], encoding="utf-8").read())
scenarios = re.findall(r"^[✓✗] (\S+): (\d+) passed, (\d+) failed", text, re.MULTILINE)
beside = set(re.findall(r"^  [✓✗] (\S+) \(", text, re.MULTILINE))
checks = re.findall(r"Passed: (\d+)/(\d+)", text)


def counted(wanted):
    passed = sum(int(n) for name, n, _ in scenarios if (name in beside) == wanted)
    failed = sum(int(n) for name, _, n in scenarios if (name in beside) == wanted)
    return f"{passed} passed, {failed} failed"


if scenarios:
    said = f"{counted(False)} (not scored: {counted(True)})"
elif checks:
    said = f"{checks[-1][0]} of {checks[-1][1]} checks passed"
else:
    said = "passed"
print(f"{sys.argv[2]}: {said}")

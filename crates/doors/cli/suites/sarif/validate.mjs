// Holds a SARIF log against the schema of SARIF 2.1.0, and against what code scanning asks beyond it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, log] = process.argv.slice(2);
const require = createRequire(join(modules, "node_modules", "x.js"));
const Ajv = require("ajv-draft-04").default;
const addFormats = require("ajv-formats").default;
const schema = JSON.parse(
  readFileSync(join(modules, "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")),
);
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(schema);

/** Says what is wrong with a log; nothing where it is valid. */
function wrong(data) {
  return validate(data) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
}

const data = JSON.parse(readFileSync(log, "utf8"));
const problems = wrong(data);

// The schema must be able to say no: the same log with a slip is refused.
for (const slip of [
  (d) => { d.version = "2.0.0"; },
  (d) => { d.runs[0].results[0].level = "fatal"; },
  (d) => { delete d.runs[0].results[0].message; },
  (d) => { d.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0; },
]) {
  const copy = structuredClone(data);
  slip(copy);
  if (wrong(copy).length === 0) problems.push(`the schema lets this pass: ${slip}`);
}

const [run] = data.runs;
const rules = run.tool.driver.rules;
for (const [n, result] of run.results.entries()) {
  const rule = rules[result.ruleIndex];
  if (rule?.id !== result.ruleId) problems.push(`result ${n} names the rule ${result.ruleId} by a wrong index`);
  if (!rule?.help?.markdown?.includes("## Why it matters")) problems.push(`${result.ruleId} has no help`);
  if (!Object.keys(result.partialFingerprints ?? {}).length) problems.push(`result ${n} has no fingerprint`);
}
const some = (what, has) => { if (!run.results.some(has)) problems.push(`no result has ${what}`); };
some("a fix", (r) => r.fixes?.length);
some("a related place", (r) => r.relatedLocations?.length);
for (const level of ["error", "warning", "note"]) some(`the level ${level}`, (r) => r.level === level);

for (const problem of problems) console.error(problem);
console.log(`${run.results.length} results, ${rules.length} rules, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);

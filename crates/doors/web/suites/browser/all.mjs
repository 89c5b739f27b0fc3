// Runs the stories one after the other, then says how many things held.
import { count } from "./harness.mjs";

const known = ["story", "approval", "plain", "keys", "writing", "outside", "live", "pages"];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`there is no story called ${unknown.join(", ")}; there are ${known.join(", ")}`);
  process.exit(2);
}
for (const name of known) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const begun = Date.now();
  await (await import(`./${name}.mjs`)).default();
  console.log(`        ${name} took ${Math.round((Date.now() - begun) / 1000)} s`);
}
process.exit(count());

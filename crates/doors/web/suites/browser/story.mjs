// A real document all the way round: set up, imported, given seats, published, run to its end, with
// the map of the run showing after each step where it stands.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as h from "./harness.mjs";

/** For machines without the corpus: the same kind of document, written for this story. */
const OWN = `# Holiday requests

When somebody on a project wants time off, the Project Lead decides with them how the work goes on.

1.  The team member tells the Project Lead the days that are wanted.
2.  The Project Lead compares them with the project plan and with who else is away, then decides.
3.  The Project Lead and the team member agree who covers which work meanwhile.
4.  The team member enters the days in the holiday calendar.
5.  The Office Manager confirms the days by e-mail.
6.  The Project Lead changes the project plan where the days cost a deadline.
7.  The team member tells everybody else on the team.
`;

function documents(data) {
  const sops = join(process.env.GEMBA_CORPUS, "sops");
  const found = existsSync(sops) ? readdirSync(sops).filter((name) => /^02-.*\.md$/.test(name)) : [];
  if (found.length > 0) return found.map((name) => join(sops, name));
  const ci = process.env.CI && process.env.CI !== "false";
  h.check(!ci, `under CI the corpus must be there: ${sops}`);
  console.log("        the corpus is not there, so this story uses a text of its own");
  const own = join(data, "holiday-requests.md");
  writeFileSync(own, OWN);
  return [own];
}

/** The steps that the map of this page marks, by what it says of them: "now", "done". */
const marked = (page, word) =>
  page.locator("svg.gemba-map g[data-step]").evaluateAll(
    // The decision that follows a step bears the mark of its step.
    (groups, word) => [
      ...new Set(
        groups
          .filter((group) => new RegExp(`, ${word}(,|$)`).test(group.querySelector("title").textContent))
          .map((group) => group.dataset.step),
      ),
    ],
    word,
  );

/** Whether the step that is open lies within the part of the map that one sees. */
const inSight = (page) =>
  page.locator("svg.gemba-map .box-open").first().evaluate((box) => {
    const [step, map] = [box.getBoundingClientRect(), box.closest(".map").getBoundingClientRect()];
    return step.left >= map.left && step.right <= map.right && step.top >= map.top && step.bottom <= map.bottom;
  });

async function fillSeat(page, url, slug, person) {
  await h.visit(page, `${url}/seats/${slug}/edit`);
  await page.getByRole("radio", { name: "A person" }).check();
  await page.getByLabel("Person", { exact: true }).selectOption({ label: person });
  await h.press(page, "Save the seat");
}

/** Gives an answer to every question of the step's form, whatever the document asks. */
async function answer(form, times) {
  const branches = form.getByRole("radio");
  const n = await branches.count();
  // The first time round the first branch; should it lead back, later ones lead out.
  if (n > 0) await branches.nth(Math.min(times - 1, n - 1)).check();
  for (const field of await form.locator("textarea").all()) {
    if (await field.isVisible()) await field.fill("Done as the document says.");
  }
  for (const field of await form.locator("input[type=url]").all()) {
    if (await field.isVisible()) await field.fill("https://example.com/request");
  }
  for (const field of await form.locator("input[type=file]").all()) {
    if (!(await field.isVisible())) continue;
    await field.setInputFiles({ name: "proof.txt", mimeType: "text/plain", buffer: Buffer.from("proof") });
  }
}

async function round(window) {
  const data = h.folder();
  const folder = join(data, "data");
  const link = await h.need("a workspace is set up on the command line", async () =>
    h.run("setup", "--name", "Riverbend", "--zone", "Europe/Berlin", "--email", "mara@example.com",
      "--owner", "Mara Lindt", "--data", folder));
  const slugs = await h.need("the document is imported", async () => {
    const printed = h.run("import", ...documents(data), "--data", folder);
    h.check(/^[\w-]+(\s[\w-]+)*$/.test(printed), `not a list of names: ${printed}`);
    return printed.split(/\s+/);
  });
  const slug = slugs[0];
  const server = await h.serve(folder);
  const { url } = server;
  const page = await h.open(window);
  await h.need("the link of the command line signs in", async () => {
    await h.signIn(page, url + link);
    h.same(await h.heading(page), "My work", "the heading");
    await h.shot(page, "story-01-my-work");
  });
  await h.need("the imported process waits as a draft", async () => {
    await h.visit(page, `${url}/processes/${slug}`);
    await h.says(page, "This is a draft only");
    await h.shot(page, "story-02-draft");
  });
  await h.need("publishing says what stands in the way", async () => {
    await h.press(page, "See what publishing needs");
    await h.says(page, "Nobody owns this process yet");
    await h.shot(page, "story-03-publish");
  });
  await h.need("the missing seats are added", async () => {
    const add = page.getByRole("button", { name: /^Add the (\d+ )?missing seats?$/ });
    if ((await add.count()) > 0) {
      await h.press(page, /^Add the (\d+ )?missing seats?$/);
      await h.says(page, "vacant");
    } else {
      await h.visit(page, `${url}/seats/new`);
      await page.getByLabel("Name", { exact: true }).fill("Project Lead");
      await h.press(page, "Add the seat");
      await h.visit(page, `${url}/processes/${slug}/publish`);
    }
    await h.shot(page, "story-04-seats-added");
  });
  await h.need("the owner's seat is chosen", async () => {
    const field = page.getByLabel("Which seat answers for this process?");
    const values = await field.locator("option").evaluateAll((all) => all.map((o) => o.value));
    const owner = values.find((value) => /^(pm|project)/.test(value)) ?? values[1];
    await field.selectOption(owner);
    await h.press(page, "Name the owner");
    await h.says(page, "written into the document");
    h.same(await page.getByText("Nobody owns this process yet").count(), 0, "the open question");
  });
  const seats = await h.need("people are put on the seats", async () => {
    await h.visit(page, `${url}/seats?view=table`);
    const links = page.locator('main a[href^="/seats/"]');
    const all = await links.evaluateAll((found) => found.map((a) => a.getAttribute("href").slice(7)));
    const slugs = [...new Set(all)].filter((name) => name !== "new");
    h.check(slugs.length > 0, "there is no seat");
    // All but the last: that one stays vacant, and its work is done in its place.
    for (const seat of slugs.slice(0, Math.max(1, slugs.length - 1))) {
      await fillSeat(page, url, seat, "Mara Lindt");
      await h.says(page, "Saved.");
    }
    await h.visit(page, `${url}/seats`);
    await h.shot(page, "story-05-team");
    return slugs;
  });
  await h.need("revision 1 is published", async () => {
    await h.visit(page, `${url}/processes/${slug}/publish`);
    for (const field of await page.getByLabel(/^Which seat is/).all()) await field.selectOption({ index: 1 });
    await page.getByLabel(/^What changed/).fill("First revision.");
    await h.shot(page, "story-06-ready-to-publish");
    await h.press(page, "Publish revision 1");
    await h.says(page, "Published.");
    await h.shot(page, "story-07-process");
  });
  const run = await h.need("a run is started", async () => {
    await page.locator("summary", { hasText: "Start a run" }).click();
    await page.getByLabel(/What is it about/).fill("Two weeks in June");
    await h.press(page, "Start the run");
    await h.says(page, "The run has begun.");
    h.same(await h.heading(page), "Two weeks in June", "the heading");
    return page.url().split("?")[0];
  });
  const steps = await page.locator("svg.gemba-map g[data-step]").evaluateAll((groups) => [
    ...new Set(groups.filter((g) => !/^Decision/.test(g.querySelector("title").textContent)).map((g) => g.dataset.step)),
  ]);
  await h.need("the map marks the first step alone", async () => {
    h.same((await marked(page, "now")).join(), steps[0], "the step marked as open");
    h.same((await marked(page, "done")).length, 0, "the number of steps marked as done");
    await h.shot(page, "story-08-run-begun");
  });
  const times = new Map();
  for (let nth = 1; nth <= 60; nth += 1) {
    const [now] = await marked(page, "now");
    if (!now) break;
    times.set(now, (times.get(now) ?? 0) + 1);
    await h.need(`step ${nth} (${now}) is done and the map says so`, async () => {
      const list = page.locator(".steps > li[aria-current=step]");
      h.same(await list.getAttribute("id"), `step-${now}`, "the step open in the list");
      if ((await page.locator("form[action$='/completion']").count()) === 0) {
        await h.press(page, "Open the step");
      }
      const form = page.locator("form[action$='/completion']");
      await answer(form, times.get(now));
      await h.press(form, "Complete step");
      await h.says(page, /Step completed\.|That was the last step/);
      await h.visit(page, run);
      const after = await marked(page, "now");
      const done = await marked(page, "done");
      h.check(done.includes(now) || after.includes(now), `the map does not mark ${now} as done: ${done}`);
      h.check(!after.includes(now) || times.get(now) < 3, `${now} is open still`);
      h.check(after.length === 0 || (await inSight(page)), "the open step is out of sight in the map");
      const told = await page.locator(".timeline").innerText();
      h.check(told.includes("completed"), "the timeline does not tell of it");
      await h.shot(page, `story-09-step-${String(nth).padStart(2, "0")}`);
    });
  }
  await h.need("the run is complete", async () => {
    await h.visit(page, run);
    h.check(await page.locator(".head-facts").getByText("Completed").isVisible(), "the run is not complete");
    h.same((await marked(page, "now")).length, 0, "the number of open steps");
    h.check(times.size > 0 && times.size <= steps.length, `${times.size} of ${steps.length} steps were done`);
    await h.shot(page, "story-10-complete");
  });
  await h.must("the process tells what happened", async () => {
    await h.visit(page, `${url}/processes/${slug}?view=happened`);
    await h.shot(page, "story-11-what-happened");
  });
  await h.must("nothing waits any more", async () => {
    await h.visit(page, `${url}/`);
    await h.says(page, "No step to do");
  });
  await h.must("the browser complained of nothing", async () => h.quiet(page));
  h.check(seats.length > 0, "no seats");
  await server.stop();
}

export default () => h.tell("A real document all the way round", round);

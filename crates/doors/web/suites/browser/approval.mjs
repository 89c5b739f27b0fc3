// A change all the way round, with scripts and without: written, sent for review, approved by a second
// person, published, compared, rolled back; the process retired and brought back.
import { join } from "node:path";
import * as h from "./harness.mjs";
import { findings } from "./pages.mjs";

const password = "seven quiet rivers";
const other = "nine loud mountains";

const document = (days, checker) => `---
owner: Accounting
function: Finance
trigger: when a month ends
---
# Monthly invoicing

Every client has an invoice within ${days} days.

## Steps

1. **Collect the hours** — Accounting {#collect-hours}

   Take them from the time sheets.

2. **Check the hours** — ${checker} {#check-hours}

   - If a sheet is missing, go back to step 1.
   - Otherwise, continue.

3. **Send the invoices** — Accounting {#send-invoices}

## Expected output

- Every client has an invoice.

## Failure signals

- An invoice is sent after the 5th.
`;

async function field(page, label, value) {
  await page.getByLabel(label, { exact: true }).fill(value);
}

async function enter(page, url, email, secret) {
  await h.visit(page, `${url}/sign-in`);
  await field(page, "E-mail", email);
  await field(page, "Password", secret);
  await h.press(page, "Sign in");
}

/** Saves a text as the draft, by the form that works without a script too. */
async function write(page, home, text) {
  await h.visit(page, `${home}/edit`);
  const fields = await page.evaluate(() => {
    const value = (name) => document.querySelector(`input[name=${name}]`).value;
    return { csrf: value("csrf"), version: value("version") };
  });
  const answer = await page.request.post(`${home}/edit`, { form: { ...fields, source: text, act: "save" } });
  h.check(answer.ok(), `saving answered ${answer.status()}`);
}

/** What axe finds on the page, where scripts run. */
async function clean(page, scripts) {
  if (!scripts) return;
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const said = await findings(page);
    h.check(said.length === 0, said.join("\n"));
  }
}

async function round(window, scripts) {
  const how = scripts ? "with scripts" : "without scripts";
  const server = await h.serve(join(h.folder(), "data"));
  const { url } = server;
  const home = `${url}/processes/monthly-invoicing`;
  // The text is typed where scripts run; without them the page gives its fields to the test only.
  const page = await h.open(window, { javaScriptEnabled: scripts });
  const second = await h.open(window, { javaScriptEnabled: scripts });
  await h.need(`${how}: a workspace with two people, where a second person approves`, async () => {
    await h.visit(page, server.found);
    await field(page, "Company", "Riverbend");
    await field(page, "Time zone", "Europe/Berlin");
    await field(page, "Your name", "Mara Lindt");
    await field(page, "Your e-mail", "mara@example.com");
    await field(page, "Password", password);
    await h.press(page, "Set up the workspace");
    await h.visit(page, `${url}/settings/people`);
    await field(page, "Name", "Otto Kern");
    await field(page, "E-mail address", "otto@example.com");
    await page.getByRole("radio", { name: "Manager" }).check();
    await page.getByRole("radio", { name: "With a password" }).check();
    await field(page, "Password", other);
    await h.press(page, "Add the person");
    await h.visit(page, `${url}/settings/workspace`);
    await page.getByRole("checkbox", { name: "A second person approves every revision" }).check();
    await h.press(page, "Save the workspace");
    await h.says(page, "Saved.");
    for (const seat of ["Accounting", "Delivery lead"]) {
      await h.visit(page, `${url}/seats/new`);
      await field(page, "Name", seat);
      await h.press(page, "Add the seat");
    }
    await enter(second, url, "otto@example.com", other);
  });
  await h.need(`${how}: a process is written and sent for review`, async () => {
    await h.visit(page, `${url}/processes/new`);
    await field(page, "Title", "Monthly invoicing");
    await h.press(page, "Write the draft");
    await write(page, home, document("two", "Delivery lead"));
    await h.visit(page, `${home}/publish`);
    h.same(await page.getByRole("button", { name: /^Publish revision/ }).count(), 0, "the buttons that publish alone");
    await h.press(page, "Send for review");
    await h.says(page, "Sent for review.");
    h.same(await page.getByRole("button", { name: "Approve", exact: true }).count(), 0, "the buttons to approve one's own");
    await clean(page, scripts);
  });
  await h.need(`${how}: the second person finds it under My work, approves and publishes it`, async () => {
    await h.visit(second, `${url}/`);
    await h.says(second, "To approve");
    await h.press(second, "Look at it");
    await h.press(second, "Approve and publish");
    await h.says(second, "Published.");
  });
  await h.need(`${how}: a change is sent back with words, and sent again`, async () => {
    await write(page, home, document("three", "Accounting"));
    await h.visit(page, `${home}/publish`);
    await h.press(page, "Send for review");
    await h.says(page, "There is a problem");
    await page.getByLabel(/^What changed/).fill("Accounting checks them itself.");
    await h.press(page, "Send for review");
    await h.visit(second, `${home}/proposal`);
    await h.press(second, "Send it back");
    await h.says(second, "There is a problem");
    await second.getByLabel("Your answer in words").fill("Say who pays for the third day.");
    await clean(second, scripts);
    await h.shot(second, `approval-proposal-${scripts ? "scripts" : "plain"}`);
    await h.press(second, "Send it back");
    await h.says(second, "Sent back");
    await h.visit(page, `${url}/`);
    await h.says(page, "Say who pays for the third day.");
    await write(page, home, document("three working", "Accounting"));
    await h.visit(page, `${home}/publish`);
    await page.getByLabel(/^What changed/).fill("Accounting checks them itself.");
    await h.press(page, "Send for review");
  });
  await h.must(`${how}: what is different is seen in words, on the map and in the text`, async () => {
    await h.visit(second, `${home}/proposal`);
    await h.says(second, "1 step changed, purpose changed, RACI changed");
    await h.says(second, "Step 2, Check the hours");
    h.check(await second.locator("svg.gemba-map").first().isVisible(), "there is no map");
    h.check((await second.locator(".diff ins").count()) > 0, "no line came");
    await clean(second, scripts);
  });
  await h.need(`${how}: it is approved, then published by the one who wrote it`, async () => {
    await second.setViewportSize({ width: 1440, height: 900 });
    await h.press(second, "Approve");
    await h.says(second, "Approved.");
    await h.visit(page, `${home}/proposal`);
    await h.press(page, "Publish this revision");
    await h.says(page, "Published.");
  });
  await h.must(`${how}: the history tells it, and two revisions are compared`, async () => {
    await h.visit(page, `${home}?view=history`);
    await h.says(page, "approved by Otto Kern");
    await clean(page, scripts);
    await h.shot(page, `approval-history-${scripts ? "scripts" : "plain"}`);
    await h.visit(page, `${home}/revisions/2/changes?from=1`);
    await h.says(page, "Revision 2, compared with revision 1");
    await clean(page, scripts);
    await h.shot(page, `approval-changes-${scripts ? "scripts" : "plain"}`);
  });
  await h.need(`${how}: the first revision is made effective again, past the second person too`, async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await h.visit(page, `${home}?view=history`);
    await page.locator("summary", { hasText: "Make effective again" }).click();
    await h.press(page, "Send it for review");
    await h.says(page, "Revision 1 becomes effective again");
    await h.visit(second, `${home}/proposal`);
    await h.press(second, "Approve and publish");
    await h.visit(second, home);
    await h.says(second, "within two days");
    await h.visit(second, `${home}?view=history`);
    await h.says(second, "Makes revision 1 effective again.");
  });
  await h.must(`${how}: the process is retired, listed apart and brought back`, async () => {
    await h.visit(second, `${home}?view=history`);
    await second.locator("summary", { hasText: "Retire" }).last().click();
    await second.getByLabel(/^Why does nothing run/).fill("The bank does it.");
    await h.press(second, "Retire the process");
    await h.says(second, "The bank does it.");
    await h.visit(second, `${url}/processes?state=retired`);
    await h.press(second, "Monthly invoicing");
    await h.press(second, "Bring it back");
    await h.says(second, "Brought back.");
  });
  await h.must(`${how}: the browser complained of nothing`, async () => {
    h.quiet(page);
    h.quiet(second);
  });
  await page.context().close();
  await second.context().close();
  await server.stop();
}

async function both(window) {
  await round(window, true);
  await round(window, false);
}

export default () => h.tell("A change, a second person, and the way back", both);

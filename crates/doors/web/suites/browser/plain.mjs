// The essential acts with scripts switched off: every one is a link or a form.
import { join } from "node:path";
import * as h from "./harness.mjs";

const password = "seven quiet rivers";
const other = "nine loud mountains";

const document = (third) => `---
owner: Accounting
function: Finance
trigger: monthly on the 1st
---
# Monthly invoicing

## Steps

1. **Collect the hours** — Accounting {#collect-hours}

   Take them from the time sheets.

   - Evidence (text): who was asked
   - Evidence (link): the export of the hours
   - Evidence (file): the signed sheets

2. **Check the hours** — Delivery lead {#check-hours}

   - If a sheet is missing, go to step ${third}.
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

async function leave(page) {
  await page.locator("details.menu > summary").click();
  await h.press(page, "Sign out");
  h.same(await h.heading(page), "Sign in", "the heading after signing out");
}

async function source(page, text) {
  await page.locator("textarea#source").fill(text);
}

async function acts(window) {
  const server = await h.serve(join(h.folder(), "data"));
  const { url } = server;
  const page = await h.open(window, { javaScriptEnabled: false });
  const home = `${url}/processes/monthly-invoicing`;

  await h.need("a workspace is set up in the browser, and a bad password costs nothing typed", async () => {
    await h.visit(page, server.found);
    await field(page, "Company", "Riverbend");
    await field(page, "Time zone", "Europe/Berlin");
    await field(page, "Your name", "Mara Lindt");
    await field(page, "Your e-mail", "mara@example.com");
    await field(page, "Password", "short");
    await h.press(page, "Set up the workspace");
    await h.says(page, "There is a problem");
    h.same(await page.getByLabel("Company").inputValue(), "Riverbend", "the company");
    await field(page, "Password", password);
    await h.press(page, "Set up the workspace");
    h.same(await h.heading(page), "My work", "the heading");
  });
  await h.need("signing out, a wrong password, and signing in with the right one", async () => {
    await leave(page);
    await enter(page, url, "mara@example.com", "not the password");
    await h.says(page, "There is a problem");
    h.same(await page.getByLabel("E-mail", { exact: true }).inputValue(), "mara@example.com", "the e-mail");
    await enter(page, url, "mara@example.com", password);
    h.same(await h.heading(page), "My work", "the heading");
  });
  await h.need("seats are added to an empty team", async () => {
    await h.visit(page, `${url}/seats`);
    await h.says(page, "No seats yet");
    await h.press(page, "Add the first seat");
    await h.press(page, "Add the seat");
    await h.says(page, "There is a problem");
    await field(page, "Name", "Accounting");
    await page.getByRole("radio", { name: "A person" }).check();
    await page.getByLabel("Person", { exact: true }).selectOption({ label: "Mara Lindt" });
    await h.press(page, "Add the seat");
    h.same(await h.heading(page), "Accounting", "the heading");
    await h.visit(page, `${url}/seats/new`);
    await field(page, "Name", "Delivery lead");
    await h.press(page, "Add the seat");
    await h.says(page, "Created.");
  });
  await h.need("a process is written, and Check shows what is wrong beside the text", async () => {
    await h.visit(page, `${url}/processes/new`);
    await field(page, "Title", "Monthly invoicing");
    await h.press(page, "Write the draft");
    h.same(page.url().split("?")[0], `${home}/edit`, "the address");
    await source(page, document(9));
    await h.press(page, "Check");
    h.check((await page.locator(".finding.bad").count()) > 0, "no error is shown");
    h.same(await page.locator("textarea#source").inputValue(), document(9), "the text");
    await h.shot(page, "plain-checked");
    await source(page, document(1));
    await h.press(page, "Check");
    h.same(await page.locator(".finding.bad").count(), 0, "the number of errors");
    h.check(await page.locator(".editor-side .map-right > svg.gemba-map").isVisible(), "there is no map");
    await h.press(page, "Save draft");
    await h.says(page, "Saved.");
  });
  await h.must("a step is put in and moved by forms, and the jumps follow", async () => {
    await h.visit(page, `${home}/edit`);
    const tools = page.locator(".editor-tools");
    await tools.getByLabel("Step", { exact: true }).selectOption({ label: "1 Collect the hours" });
    await h.press(tools, "Insert step after");
    const made = await page.locator("textarea#source").inputValue();
    h.check(made.includes("2. **Describe the new step** — Accounting"), `there is no new step: ${made}`);
    h.check(made.includes("go to step 1.") && made.includes("3. **Check the hours**"), "the numbers did not follow");
    await tools.locator("summary").click();
    await tools.getByLabel("Step", { exact: true }).selectOption({ label: "2 Describe the new step" });
    await h.press(tools, "Move step down");
    h.check((await page.locator("textarea#source").inputValue()).includes("3. **Describe the new step**"), "it was not moved");
    await page.locator("noscript a, .editor-side a[href^='#line-']").first().click();
    h.check(/#line-\d+$/.test(page.url()), "a line has no place");
    h.check(await page.locator("li:target").isVisible(), "the line cannot be seen");
  });
  await h.must("of two writers the second is told, and neither text is lost", async () => {
    const second = await page.context().newPage();
    await h.visit(second, `${home}/edit`);
    await h.visit(page, `${home}/edit`);
    await source(page, document(1).replace("time sheets.", "time sheets of the month."));
    await h.press(page, "Save draft");
    await source(second, document(1).replace("time sheets.", "calendar."));
    await h.press(second, "Save draft");
    await h.says(second, "saved this draft");
    h.same(await h.heading(second), "Two texts of Monthly invoicing", "the heading");
    h.check((await second.locator("main").innerText()).includes("the calendar."), "the own text is lost");
    h.check((await second.locator("main").innerText()).includes("of the month."), "the other text is not shown");
    await h.press(second, "Save the merged text");
    await h.says(second, "There is a problem");
    await second.getByRole("radio", { name: "Keep what I wrote" }).check();
    await h.shot(second, "plain-conflict");
    await h.press(second, "Save the merged text");
    await h.says(second, "Saved, with what both of you wrote.");
    await second.close();
  });
  await h.need("it is published", async () => {
    await h.visit(page, `${home}/edit`);
    await h.press(page, "Save and publish");
    await h.press(page, "Publish revision 1");
    await h.says(page, "Published.");
  });
  await h.need("a run is started", async () => {
    await page.locator("summary", { hasText: "Start a run" }).click();
    await page.getByLabel(/What is it about/).fill("November");
    await h.press(page, "Start the run");
    await h.says(page, "The run has begun.");
  });
  const run = page.url().split("?")[0];
  await h.need("a step without its evidence is refused, and what was typed is kept", async () => {
    const form = page.locator("form[action$='/completion']");
    await form.getByLabel("Who was asked").fill("Everybody in delivery");
    await h.press(form, "Complete step");
    await h.says(page, "There is a problem");
    h.same(await page.getByLabel("Who was asked").inputValue(), "Everybody in delivery", "the evidence");
  });
  await h.need("with text, link and file it is done", async () => {
    const form = page.locator("form[action$='/completion']");
    await form.getByLabel("The export of the hours").fill("https://example.com/hours.csv");
    await form.getByLabel("The signed sheets").setInputFiles({
      name: "sheets.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("signed"),
    });
    await h.press(form, "Complete step");
    await h.says(page, "Step completed.");
    await h.visit(page, run);
    await page.locator("summary", { hasText: "1 step done" }).click();
    await h.says(page, "Everybody in delivery");
    h.same(await page.locator('main a[href="https://example.com/hours.csv"]').count(), 1, "the number of links");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "sheets.txt" }).click(),
    ]);
    h.same(file.suggestedFilename(), "sheets.txt", "the name of the file");
  });
  await h.must("a decision wants a branch and a reason, in place of a vacant seat", async () => {
    await h.visit(page, run);
    await h.press(page, "Open the step");
    const form = page.locator("form[action$='/completion']");
    await h.press(form, "Complete step");
    await h.says(page, "There is a problem");
    await form.getByRole("radio", { name: "Otherwise" }).check();
    await form.getByLabel("Why?").fill("All sheets are there.");
    await h.press(form, "Complete step");
    await h.says(page, "Step completed.");
  });
  await h.must("a number is put on the scorecard", async () => {
    await h.visit(page, `${url}/scorecard`);
    await h.press(page, "Add the first measurable");
    await field(page, "Name", "Invoices sent in time");
    await page.getByLabel("Seat", { exact: true }).selectOption({ label: "Accounting" });
    await field(page, "Goal of a week", "10");
    await h.press(page, "Add the measurable");
    await h.says(page, "Created.");
    await field(page, "Value", "12");
    await h.press(page, "Push the value");
    await h.says(page, "The value is in the scorecard.");
    await h.visit(page, `${url}/scorecard`);
    await page.getByLabel("This week's value of Invoices sent in time").fill("13");
    await h.press(page, /^Push/, false);
    await h.says(page, "The value is in the scorecard.");
    await h.says(page, "On track");
  });
  await h.need("a person is added with a password", async () => {
    await h.visit(page, `${url}/settings/people`);
    await field(page, "Name", "Otto Kern");
    await field(page, "E-mail address", "otto@example.com");
    await page.getByRole("radio", { name: "With a password" }).check();
    await field(page, "Password", other);
    await h.press(page, "Add the person");
    await h.says(page, "Created.");
  });
  await h.need("a new holder of the owner's seat makes the process unverified", async () => {
    await h.visit(page, `${url}/seats/accounting/edit`);
    await page.getByLabel("Person", { exact: true }).selectOption({ label: "Otto Kern" });
    await h.press(page, "Save the seat");
    await h.visit(page, home);
    h.check(await page.locator(".head-facts").getByText("Unverified").isVisible(), "the process is not unverified");
    await h.shot(page, "plain-unverified");
  });
  await h.need("the new holder verifies it", async () => {
    const owner = await h.open(window, { javaScriptEnabled: false });
    await enter(owner, url, "otto@example.com", other);
    await h.says(owner, "To verify");
    await h.visit(owner, home);
    await h.press(owner, "Verify this process");
    await h.says(owner, "Verified.");
    await h.visit(owner, `${home}?view=review`);
    await h.press(owner, "Record the review");
    await h.says(owner, "There is a problem");
    await owner.getByRole("radio").first().check();
    await h.press(owner, "Record the review");
    await h.says(owner, "The review is recorded.");
    h.same((await owner.goto(`${url}/settings/tokens`)).status(), 403, "the status of the tokens for a member");
    h.quiet(owner);
    await owner.context().close();
  });
  let secret = "";
  await h.must("a token is made and shown once", async () => {
    await h.visit(page, `${url}/settings/tokens`);
    await page.getByLabel("Seat", { exact: true }).selectOption({ label: "Accounting" });
    await field(page, "Name", "ledger");
    await h.press(page, "Create the token");
    secret = await page.locator(".copyable code").first().innerText();
    h.check(secret.length > 20, `this is no token: ${secret}`);
    const answer = await page.request.get(`${url}/api/v1/work-items`, { headers: { authorization: `Bearer ${secret}` } });
    h.same(answer.status(), 200, "the status of a call with it");
    await h.visit(page, `${url}/settings/tokens`);
    await h.says(page, "ledger");
    h.check(!(await page.content()).includes(secret), "the secret is still on the page");
  });
  await h.must("a change that a program suggests is taken into the draft", async () => {
    const address = `${url}/api/v1/processes/monthly-invoicing`;
    const headers = { authorization: `Bearer ${secret}` };
    const { source: text } = await (await page.request.get(address, { headers })).json();
    const data = { source: text.replace("Take them from", "Copy them from"), note: "say what is done" };
    const answer = await page.request.post(`${address}/suggestions`, { headers, data });
    h.same(answer.status(), 201, "the status of the suggestion");
    await h.visit(page, home);
    await page.getByRole("link", { name: "Look at it" }).click();
    await h.says(page, "Copy them from");
    await h.shot(page, "plain-suggestion");
    await h.press(page, "Take it into the draft");
    await h.says(page, "Saved");
    h.check((await page.locator("textarea#source").inputValue()).includes("Copy them from"), "the draft is the old one");
  });
  await h.must("documents are imported", async () => {
    await h.visit(page, `${url}/processes/import`);
    await page.getByLabel("Documents").setInputFiles({
      name: "offboarding.md",
      mimeType: "text/markdown",
      buffer: Buffer.from("# Offboarding\n\n1. The manager collects the keys.\n2. Accounting pays what is open.\n"),
    });
    await h.press(page, "Import documents");
    h.same(await h.heading(page), "Imported", "the heading");
  });
  await h.must("the theme is chosen and stays", async () => {
    await page.locator("details.menu > summary").click();
    await h.press(page, "Dark");
    h.same(await page.locator("html").getAttribute("data-theme"), "dark", "the theme");
  });
  await h.must("signing out ends it", async () => {
    await leave(page);
    await h.visit(page, `${url}/`);
    h.same(await h.heading(page), "Sign in", "the heading");
  });
  await h.must("the browser complained of nothing", async () => h.quiet(page));
  await server.stop();
}

export default () => h.tell("The essential acts without a script", acts);

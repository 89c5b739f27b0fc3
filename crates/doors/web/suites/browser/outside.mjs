// What comes from outside and what goes there, with scripts and without: a signed message, a form for a
// guest and a number each start a run; another program hears of it, and one that does not answer is told
// again by hand.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import * as h from "./harness.mjs";
import { findings } from "./pages.mjs";

const field = (page, label, value) => page.getByLabel(label, { exact: true }).fill(value);

/** The signature of Standard Webhooks. */
const signature = (secret, id, at, body) =>
  `v1,${createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64")).update(`${id}.${at}.${body}`).digest("base64")}`;

/** Another program: it answers with the statuses that are laid ready, then takes everything. */
async function receiver(answers) {
  const heard = [];
  const server = createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      heard.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { heard, url: `http://127.0.0.1:${server.address().port}/in`, stop: () => server.close() };
}

/** What axe finds on the page, where scripts run. */
async function clean(page, scripts, name) {
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of scripts ? ["light", "dark"] : ["light"]) {
      await page.emulateMedia({ colorScheme: theme });
      if (scripts) {
        const said = await findings(page);
        h.check(said.length === 0, `${name} at ${width}, ${theme}: ${said.join("\n")}`);
        await h.shot(page, `outside-${name}-${width}-${theme}`);
      }
    }
  }
  h.quiet(page);
}

/** The text that is copied from a page, by what begins it. */
async function copied(page, begin) {
  const text = await page.locator("main").innerText();
  const found = text.split(/\s+/).find((word) => word.includes(begin));
  h.check(found, `nothing on the page begins with ${begin}`);
  return found.slice(found.indexOf(begin));
}

async function round(window, scripts) {
  const how = scripts ? "with scripts" : "without scripts";
  const server = await h.server(
    ["demo", "--listen", "127.0.0.1:0", "--private-webhooks"],
    /(http:\S+\/sign-in\/link\/\S+)\s/,
  );
  const { url } = server;
  const other = await receiver([500]);
  const page = await h.open(window, { javaScriptEnabled: scripts });
  await h.signIn(page, server.found);

  const secret = await h.need(`${how}: a webhook is set up, and its secret is shown once`, async () => {
    await h.visit(page, `${url}/settings/channels`);
    await clean(page, scripts, "channels-none");
    await h.press(page, "Add a webhook");
    await field(page, "Name", "Ledger");
    await field(page, "Address", "ftp://receiver.example/in");
    await h.press(page, "Set it up");
    await h.says(page, "There is a problem");
    await clean(page, scripts, "channel-refused");
    await field(page, "Address", other.url);
    await page.getByRole("checkbox", { name: "A run begins" }).check();
    await h.press(page, "Set it up");
    await clean(page, scripts, "channel-secret");
    return copied(page, "whsec_");
  });
  await h.need(`${how}: a try that is not taken waits, and is sent again by hand`, async () => {
    await h.press(page, "To the channel");
    await clean(page, scripts, "channel-new");
    await h.press(page, "Send a try");
    await h.says(page, "It is on its way");
    await h.until("the first try", () => other.heard.length > 0);
    await h.until("the log of it", async () => {
      await page.reload();
      return (await page.locator("main").innerText()).includes("500");
    });
    await clean(page, scripts, "delivery-waits");
    await h.press(page, "Send it again");
    await h.until("the second try", () => other.heard.length > 1);
    await h.until("the log of it", async () => {
      await page.reload();
      return (await page.locator("main").innerText()).includes("204");
    });
    await clean(page, scripts, "delivery-sent");
    const [first, second] = other.heard;
    h.same(second.headers["webhook-id"], first.headers["webhook-id"], "the id of the second try");
    for (const { headers, body } of other.heard) {
      const wanted = signature(secret, headers["webhook-id"], headers["webhook-timestamp"], body);
      h.same(headers["webhook-signature"], wanted, "the signature");
      h.same(JSON.parse(body).specversion, "1.0", "the version of the event");
    }
  });
  await h.need(`${how}: a signed message starts one run, and the other program hears of it`, async () => {
    await h.visit(page, `${url}/triggers/new?kind=event`);
    await page.getByLabel("Process", { exact: true }).selectOption({ label: "Monthly invoicing" });
    await field(page, "Name", "Orders of the shop");
    await page.getByLabel(/^What the run is about/).fill("Order {/data/number}");
    await page.getByLabel(/^What the run gets/).fill("customer = /data/customer");
    await h.press(page, "Set it up");
    const key = await copied(page, "whsec_");
    await clean(page, scripts, "inlet-secret");
    await page.locator("a.button.secondary").first().click();
    await page.waitForURL(/\/triggers\/trg_/);
    const home = page.url().split("?")[0];
    await clean(page, scripts, "inlet-new");
    await page.getByLabel("Message", { exact: false }).first().fill('{"type":"paid","data":{"number":7}}');
    await h.press(page, "See what it would do");
    await h.says(page, "It would start a run.");
    await clean(page, scripts, "inlet-tried");
    const body = JSON.stringify({ type: "paid", number: 17, customer: "<b>Ada</b>" });
    const send = async () => {
      const at = Math.floor(Date.now() / 1000);
      const headers = {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": String(at),
        "webhook-signature": signature(key, "msg_1", at, body),
      };
      const answer = await fetch(`${url}/hooks/${home.split("/").pop()}`, { method: "POST", headers, body });
      h.same(answer.status, 202, "the status of the hook");
      return (await answer.json()).state;
    };
    h.same(await send(), "started", "the first message");
    h.same(await send(), "repeated", "the second message");
    await h.visit(page, home);
    await page.getByText("What came with it").first().click();
    await h.says(page, "<b>Ada</b>");
    await h.says(page, "Data from outside");
    await clean(page, scripts, "inlet-occurrence");
    await h.until("the news of the run", () => other.heard.some(({ body }) => body.includes("gemba.run.started")));
    const forged = await fetch(`${url}/hooks/${home.split("/").pop()}`, { method: "POST", body });
    h.same(forged.status, 401, "the status of what nobody signed");
  });
  await h.need(`${how}: a guest asks by a link, without an account`, async () => {
    await h.visit(page, `${url}/triggers/new?kind=request`);
    await page.getByLabel("Process", { exact: true }).selectOption({ label: "Monthly invoicing" });
    await field(page, "Name", "Invoice, please");
    await page.getByLabel(/^What is asked/).fill("Who are you?\nWhat for??");
    await h.press(page, "Set it up");
    const link = await copied(page, `${url}/ask/`);
    const guest = await h.open(window, { javaScriptEnabled: scripts });
    await h.visit(guest, link);
    await clean(guest, scripts, "guest-form");
    await guest.getByLabel(/^Who are you/).fill("Ada");
    await h.press(guest, "Send");
    await h.says(guest, "has what you sent");
    await clean(guest, scripts, "guest-thanks");
    await guest.context().close();
  });
  await h.need(`${how}: a number that crosses its limit starts one run`, async () => {
    await h.visit(page, `${url}/triggers/new?kind=threshold`);
    await page.getByLabel("Process", { exact: true }).selectOption({ label: "Monthly invoicing" });
    await field(page, "Name", "Stock");
    await page.getByRole("radio", { name: "It is less than the limit" }).check();
    await field(page, "Limit", "5");
    await h.press(page, "Set it up");
    for (const value of ["4", "3"]) {
      await field(page, "Value", value);
      await h.press(page, "Push the value");
    }
    await h.says(page, "still less than 5");
    h.same(await page.getByRole("link", { name: "Open the run" }).count(), 1, "the runs that it started");
    await clean(page, scripts, "threshold");
    await h.visit(page, `${url}/triggers`);
    await clean(page, scripts, "triggers");
    await h.visit(page, `${url}/settings/deliveries`);
    await clean(page, scripts, "deliveries");
    await h.visit(page, `${url}/settings/channels`);
    await clean(page, scripts, "channels");
  });
  other.stop();
  await server.stop();
}

export default () =>
  h.tell("What comes from outside and what goes there", async (window) => {
    for (const scripts of [true, false]) await round(window, scripts);
  });

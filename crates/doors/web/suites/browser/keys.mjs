// The keyboard alone: reach the content, find anything, move in lists, jump, and the live check of the
// editor. The pointer is never used.
import * as h from "./harness.mjs";

/** What has the focus, in a word or two. */
const at = (page) =>
  page.evaluate(() => {
    const node = document.activeElement;
    return node === document.body ? "nothing" : (node.textContent.trim() || node.getAttribute("aria-label") || node.tagName);
  });

/** Whether what has the focus shows it by an outline or a border of its own. */
const shows = (page) =>
  page.evaluate(() => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(document.activeElement);
    const clear = /rgba\(.*, 0\)|transparent/.test(outlineColor);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && !clear) || boxShadow !== "none";
  });

const moved = (page, address) =>
  h.until(`the page ${address}`, () => new URL(page.url()).pathname === address).then(() => page.waitForLoadState("load"));

async function keys(window) {
  const server = await h.demo();
  const { url } = server;
  const page = await h.open(window);
  await h.need("the sign-in link is used with one key", async () => {
    await h.visit(page, server.found);
    for (let left = 10; left > 0 && (await at(page)) !== "Sign in"; left -= 1) await page.keyboard.press("Tab");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    h.same(await h.heading(page), "My work", "the heading");
  });
  await h.must("the first Tab offers the way to the content, and Enter takes it", async () => {
    await h.visit(page, `${url}/processes`);
    await page.keyboard.press("Tab");
    h.same(await at(page), "Skip to the content", "the focus");
    const box = await page.locator(":focus").boundingBox();
    h.check(box.x >= 0 && box.y >= 0 && box.width > 20, "the link cannot be seen");
    h.check(await shows(page), "the focus cannot be seen");
    await page.keyboard.press("Enter");
    h.same(await page.evaluate(() => document.activeElement.id), "main", "the focus after it");
  });
  await h.must("the focus can be seen at every stop of a page", async () => {
    for (const address of ["/processes", "/processes/monthly-invoicing", "/seats", "/scorecard"]) {
      await h.visit(page, url + address);
      for (let stop = 1; stop <= 25; stop += 1) {
        await page.keyboard.press("Tab");
        if ((await at(page)) === "nothing") break;
        h.check(await shows(page), `stop ${stop} of ${address} does not show the focus: ${await at(page)}`);
      }
    }
  });
  await h.must("Ctrl-K finds a process by its name and opens it", async () => {
    await h.visit(page, `${url}/`);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("monthly invoi");
    await h.until("the process is found", async () =>
      (await page.locator("dialog.palette [role=option][aria-selected=true]").allInnerTexts()).some((text) => text.includes("Monthly invoicing")));
    await h.shot(page, "keys-palette");
    await page.keyboard.press("Enter");
    await moved(page, "/processes/monthly-invoicing");
  });
  await h.must("the palette says when nothing is found, and Escape gives the focus back", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("zzzz");
    await h.until("it says so", () => page.getByText("Nothing has that name").isVisible());
    await page.keyboard.press("Escape");
    h.check(!(await page.locator("dialog.palette").isVisible()), "the palette is open still");
    await h.until("the focus is back on the page", () => page.evaluate(() => !document.activeElement.closest("dialog")));
  });
  await h.must("? lists the keys, and Escape closes the list", async () => {
    await page.keyboard.press("?");
    await h.until("the list is there", () => page.locator("dialog.help").isVisible());
    await h.shot(page, "keys-help");
    await page.keyboard.press("Escape");
    await h.until("the list is gone", async () => (await page.locator("dialog.help").count()) === 0);
  });
  await h.must("g p goes to the processes", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await moved(page, "/processes");
  });
  await h.must("j and k move in the list, and Enter opens what they stand on", async () => {
    const row = () => page.evaluate(() => [...document.querySelectorAll("[data-row]")].findIndex((r) => r.contains(document.activeElement)));
    await page.keyboard.press("j");
    h.same(await row(), 0, "the row after j");
    await page.keyboard.press("j");
    h.same(await row(), 1, "the row after j j");
    await page.keyboard.press("k");
    h.same(await row(), 0, "the row after j j k");
    h.check(await shows(page), "the focus cannot be seen");
    const wanted = await page.evaluate(() => new URL(document.activeElement.href).pathname);
    await page.keyboard.press("Enter");
    await moved(page, wanted);
  });
  await h.must("e edits the process that is open", async () => {
    await h.visit(page, `${url}/processes/monthly-invoicing`);
    await page.keyboard.press("e");
    await moved(page, "/processes/monthly-invoicing/edit");
  });
  await h.must("the editor checks while one types, without losing the focus", async () => {
    const bad = () => page.locator("#editor-side .finding.bad").count();
    h.same(await bad(), 0, "the number of errors before");
    for (let left = 60; left > 0; left -= 1) {
      if ((await page.evaluate(() => document.activeElement.id)) === "source") break;
      await page.keyboard.press("Tab");
    }
    h.same(await page.evaluate(() => document.activeElement.id), "source", "the focus");
    await page.keyboard.press("Control+Home");
    const first = await page.locator("textarea#source").inputValue();
    await page.evaluate(() => document.activeElement.setSelectionRange(document.activeElement.value.indexOf("go to step"), document.activeElement.value.indexOf("go to step")));
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+Home");
    await page.keyboard.type("   - If a sheet is torn, go to step 99.");
    await h.until("an error is shown", async () => (await bad()) > 0);
    h.same(await page.evaluate(() => document.activeElement.id), "source", "the focus after the check");
    await h.shot(page, "keys-editor");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(first);
    await h.until("the error is gone", async () => (await bad()) === 0);
  });
  await h.must("Ctrl-S saves the draft", async () => {
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Control+s")]);
    await h.says(page, "Saved.");
  });
  await h.must("unsaved text is offered again when the page comes back", async () => {
    await page.locator("textarea#source").focus();
    await page.keyboard.type("A line that was never saved. ");
    await h.until("it is kept", () =>
      page.evaluate(() => Object.values(localStorage).some((kept) => kept.includes("never saved"))));
    page.on("dialog", (dialog) => dialog.accept());
    await h.visit(page, `${url}/processes/monthly-invoicing/edit`);
    h.check(await page.getByText("Text that was not saved is kept in this browser.").isVisible(), "it is not offered");
  });
  await h.must("the browser complained of nothing", async () => h.quiet(page));
  await server.stop();
}

export default () => h.tell("The keyboard alone", keys);

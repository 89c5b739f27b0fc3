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
  const inText = () => page.evaluate(() => document.activeElement.classList.contains("cm-content"));
  await h.must("the editor checks while one types, without losing the focus", async () => {
    const bad = () => page.locator("#editor-side .finding.bad").count();
    h.same(await bad(), 0, "the number of errors before");
    for (let left = 60; left > 0 && !(await inText()); left -= 1) await page.keyboard.press("Tab");
    h.check(await inText(), "the text cannot be reached");
    await page.keyboard.press("Control+f");
    await page.keyboard.type("go to step");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+Home");
    await page.keyboard.type("- If a sheet is torn, go to step 99.");
    await h.until("an error is shown", async () => (await bad()) > 0);
    h.check(await inText(), "the focus is lost after the check");
    h.check(await page.locator(".cm-lintRange-error").first().isVisible(), "the words are not marked");
    await h.shot(page, "keys-editor");
    for (let left = 40; left > 0 && (await bad()) > 0; left -= 1) await page.keyboard.press("Control+z");
    await h.until("the error is gone", async () => (await bad()) === 0);
  });
  await h.must("Tab indents, and Esc then Tab leaves the text", async () => {
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Tab");
    h.check(await inText(), "Tab left the text");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    h.check(!(await inText()), "there is no way out of the text");
    await page.keyboard.press("Shift+Tab");
    h.check(await inText(), "there is no way back");
  });
  await h.must("a box of the map is reached, marked and leads to its line", async () => {
    for (let left = 60; left > 0; left -= 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.closest?.("[data-step]") !== null)) break;
      if (await inText()) await page.keyboard.press("Escape");
    }
    await page.keyboard.press("Enter");
    await h.until("the text has the focus", inText);
    // The decision that follows the step is marked with it.
    const marked = await page.locator(".map-right g.at title").allTextContents();
    h.same(marked.join("; "), "1 Collect the hours (Accounting), decision; Decision at step 1", "what is marked");
  });
  await h.must("Ctrl-J S puts in a step, and undo takes it out again", async () => {
    await page.keyboard.press("Control+j");
    await page.keyboard.press("s");
    await h.until("the step is there", () => page.locator(".map-right [data-step='describe-the-new-step']").first().isVisible());
    h.same(await page.evaluate(() => getSelection().toString()), "Describe the new step", "what is selected");
    await page.keyboard.press("Control+z");
    await h.until("the step is gone", async () => (await page.locator(".map-right [data-step='describe-the-new-step']").count()) === 0);
  });
  await h.must("Ctrl-S saves the draft and stays where one is", async () => {
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n");
    await page.keyboard.press("Control+s");
    await h.until("it is saved", async () => /^Saved \d\d:\d\d$/.test(await page.locator("[data-state]").innerText()));
    h.check(await inText(), "the focus is lost");
  });
  await h.must("the browser complained of nothing", async () => h.quiet(page));
  await server.stop();
}

export default () => h.tell("The keyboard alone", keys);

// A page that stays open keeps itself true: what happens elsewhere appears without a reload, what somebody
// is doing on the page is left alone, and the server stops though pages listen.
import * as h from "./harness.mjs";
import { findings } from "./pages.mjs";

const text = (page) => page.locator("#main").innerText();

/** Ends the run of a page, as somebody does who looks at it. */
async function end(page, why) {
  await page.getByText("End this run", { exact: true }).click();
  await page.getByLabel("Why does it end here?").fill(why);
  await h.press(page, "End the run");
  await h.says(page, "The run was ended.");
}

/** The addresses of runs that go on. */
async function running(page, url) {
  await h.visit(page, `${url}/runs?state=running`);
  const all = await page.locator('main a[href^="/runs/run_"]').evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  return [...new Set(all)];
}

export default () =>
  h.tell("A page keeps itself true while it stays open", async (window) => {
    const server = await h.demo();
    const { url } = server;
    const page = await h.open(window);
    await h.signIn(page, server.found);
    const runs = await h.need("there are two runs to look at", async () => {
      const found = await running(page, url);
      h.check(found.length >= 2, `${found.length} runs go on`);
      return found;
    });
    const other = await page.context().newPage();
    h.watch(other);
    await h.must("what happens in another window appears without a reload", async () => {
      await h.visit(page, url + runs[0]);
      await page.evaluate(() => (window.kept = true));
      await h.visit(other, url + runs[0]);
      await end(other, "The client has left.");
      await page.bringToFront();
      await h.until("the end of the run", async () => (await text(page)).includes("It was ended before its end"));
      h.check(await page.evaluate(() => window.kept), "the page was loaded anew");
      h.check((await page.getByRole("status").last().innerText()).includes("brought up to date"), "nobody who listens is told");
      const said = await findings(page);
      h.check(said.length === 0, said.join("\n"));
      await h.shot(page, "live-run");
      h.quiet(page);
    });
    await h.must("what somebody is doing is left alone until they are done", async () => {
      await h.visit(page, url + runs[1]);
      await page.getByText("End this run", { exact: true }).click();
      const field = page.getByLabel("Why does it end here?");
      await field.fill("I am about to write why");
      await h.visit(other, url + runs[1]);
      await end(other, "Another was quicker.");
      await page.bringToFront();
      // Long enough for the stream to tell and the page to ask.
      const asked = page.waitForRequest((request) => request.url().includes("/live"), { timeout: 7_000 }).catch(() => null);
      await asked;
      h.same(await field.inputValue(), "I am about to write why", "what was written");
      h.check(!(await text(page)).includes("It was ended before its end"), "the page was replaced under somebody's hands");
      await field.fill("");
      await page.getByText("End this run", { exact: true }).click();
      await page.locator("h1").click();
      await h.until("the end of the run", async () => (await text(page)).includes("It was ended before its end"));
    });
    await h.must("the server stops though pages listen", async () => {
      await h.visit(page, `${url}/`);
      await h.visit(other, `${url}/`);
      const begun = Date.now();
      await server.stop();
      h.check(Date.now() - begun < 15_000, `it took ${Date.now() - begun} ms`);
    });
  });

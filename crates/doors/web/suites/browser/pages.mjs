// Every kind of page of the sample company, at every width, light and dark: nothing complained of,
// nothing wider than the window, one heading, small, and no finding of axe. Leaves a picture of each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as h from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const widths = [360, 768, 1440];
const themes = ["light", "dark"];
/** The most bytes of a page. */
const most = 100_000;

/** A program suggests a change of a process, so that there is one to see. */
async function suggest(page, server, slug) {
  const [, data] = /is kept in (.*) until/.exec(server.said());
  const secret = h.run("token", "create", "--data", data, "--seat", "Accounting", "--name", "pages");
  const address = `${server.url}/api/v1/processes/${slug}`;
  const headers = { authorization: `Bearer ${secret}` };
  const { source } = await (await page.request.get(address, { headers })).json();
  const change = { source: source.replace("## Steps", "## Steps\n\nOne after the other."), note: "Say that the order counts" };
  const answer = await page.request.post(`${address}/suggestions`, { headers, data: change });
  h.same(answer.status(), 201, "the status of the suggestion");
}

/** Where the pages are that depend on what the sample company holds. */
async function places(page, url) {
  const first = async (address, selector) => {
    await h.visit(page, url + address);
    const href = await page.locator(`main ${selector}`).first().getAttribute("href");
    return href.split("?")[0];
  };
  const process = "/processes/monthly-invoicing";
  const open = await first("/runs?state=running", 'a[href^="/runs/"]');
  await h.visit(page, `${url}/`);
  const own = await page.locator('main a[href^="/work/"]').count();
  const work = await first(own > 0 ? "/" : open, 'a[href^="/work/"]');
  return [
    ["my-work", "/"],
    ["work-item", work],
    ["processes", "/processes"],
    ["processes-filtered", "/processes?q=monthly&state=verified"],
    ["processes-none", "/processes?q=nothing+is+called+this"],
    ["process-document", process],
    ["process-map", `${process}?view=map`],
    ["process-raci", `${process}?view=raci`],
    ["process-raci-table", `${process}/raci`],
    ["process-happened", `${process}?view=happened`],
    ["process-history", `${process}?view=history`],
    ["process-review", `${process}?view=review`],
    ["process-revision", `${process}/revisions/1`],
    ["process-changes", "/processes/monthly-data-quality-check/revisions/2/changes"],
    ["process-compared", "/processes/monthly-data-quality-check/revisions/2/changes?from=1"],
    ["process-draft-changes", "/processes/monthly-data-quality-check/draft/changes"],
    ["process-history-long", "/processes/monthly-data-quality-check?view=history"],
    ["processes-retired", "/processes?state=retired"],
    ["process-stale", "/processes/project-kick-off"],
    ["process-moves", "/processes/monthly-data-quality-check/moves"],
    ["editor", `${process}/edit`],
    ["publish", `${process}/publish`],
    ["publish-draft", await draft(page, url)],
    ["process-new", "/processes/new"],
    ["process-import", "/processes/import"],
    ["attachments", `${process}/attachments`],
    ["suggestions", `${process}/suggestions`],
    ["suggestions-none", "/processes/project-kick-off/suggestions"],
    ["handbook", "/handbook"],
    ["handbook-seats", "/handbook?by=seat"],
    ["handbook-letters", "/handbook?by=letter"],
    ["handbook-page", "/handbook/monthly-invoicing"],
    ["handbook-stale", "/handbook/project-kick-off"],
    ["search", "/search"],
    ["search-found", "/search?q=invoice"],
    ["search-nothing", "/search?q=nothing+has+these+words&kind=seat"],
    ["runs", "/runs"],
    ["runs-filtered", "/runs?state=completed"],
    ["run-open", open],
    ["run-completed", await first("/runs?state=completed", 'a[href^="/runs/"]')],
    ["incidents", "/incidents"],
    ["incident", await first("/incidents", 'a[href^="/incidents/inc_"]')],
    ["triggers", "/triggers"],
    ["trigger", await first("/triggers", 'a[href^="/triggers/trg_"]')],
    ["trigger-past", `${await first("/triggers", 'a[href^="/triggers/trg_"]')}/backfill?from=2020-01-01&to=2020-02-01`],
    ["trigger-new-message", "/triggers/new?kind=event"],
    ["trigger-new-threshold", "/triggers/new?kind=threshold"],
    ["trigger-new-form", "/triggers/new?kind=request"],
    ["seats-chart", "/seats"],
    ["seats-table", "/seats?view=table"],
    ["agents", "/agents"],
    ["agent-charter", "/seats/ad-scout/charter"],
    ["seat", "/seats/accounting"],
    ["seat-edit", "/seats/accounting/edit"],
    ["seat-calendar", "/seats/accounting/calendar"],
    ["seat-new", "/seats/new"],
    ["scorecard", "/scorecard"],
    ["measurable", await first("/scorecard", 'a[href^="/scorecard/"]:not([href$="/new"])')],
    ["measurable-new", "/scorecard/new"],
    ["audit", "/audit"],
    ["audit-log", "/audit/log"],
    ["first-day", "/audit/first-day"],
    ["first-day-questions", "/audit/first-day/finance"],
    ["library", "/library"],
    ["library-process", "/library/quality-review"],
    ["settings", "/settings"],
    ["settings-away", "/settings/away"],
    ["settings-people", "/settings/people"],
    ["settings-tokens", "/settings/tokens"],
    ["settings-notices", "/settings/notices"],
    ["settings-channels", "/settings/channels"],
    ["channel-new", "/settings/channels/new?kind=webhook"],
    ["channel-new-chat", "/settings/channels/new?kind=chat"],
    ["channel-new-mail", "/settings/channels/new?kind=mail"],
    ["deliveries", "/settings/deliveries"],
    ["settings-workspace", "/settings/workspace"],
    ["code", "/codes/SOP0103"],
    ["not-found", "/nowhere", 404],
    ["forbidden-run", "/runs/run_nothing", 404],
  ];
}

/** The page that publishes a process which is not in force yet, or else any. */
async function draft(page, url) {
  await h.visit(page, `${url}/processes?state=draft`);
  const found = page.locator('main table a[href^="/processes/"]').first();
  const href = (await found.count()) > 0 ? await found.getAttribute("href") : "/processes/monthly-invoicing";
  return `${href}/publish`;
}

/** What is wider than the window, where the page itself can be pushed sideways. */
const overflow = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return "";
    const scrolls = (node) => {
      for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
      }
      return false;
    };
    const wide = [...document.body.querySelectorAll("*")].filter(
      (node) => node.getBoundingClientRect().right > room + 1 && !scrolls(node),
    );
    const named = wide.slice(-3).map((node) => `<${node.tagName.toLowerCase()} class="${node.getAttribute("class") ?? ""}">`);
    return `${document.documentElement.scrollWidth} px in a window of ${room}: ${named.join(", ")}`;
  });

/** What axe finds, in a line each. */
export async function findings(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(
      ({ id, help, nodes }) =>
        `${id} (${help}) at ${nodes.length}: ${nodes.slice(0, 3).map((n) => n.target.join(" ")).join("; ")}` +
        (nodes[0].any[0]?.message ? `; ${nodes[0].any[0].message}` : ""),
    );
  });
}

/** What the bar of a narrow screen has no room for opens above it, and is complete. */
async function more(page, url) {
  await h.must("more: the rest of the navigation opens on a narrow screen", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: "light" });
    await h.visit(page, `${url}/`);
    await page.getByRole("button", { name: "More" }).click();
    for (const name of ["Scorecard", "Audit", "Settings"]) {
      h.check(await page.getByRole("link", { name, exact: true }).isVisible(), `${name} is not there`);
    }
    await page.locator("details.menu > summary").click();
    h.check(await page.getByRole("button", { name: "Sign out" }).isVisible(), "there is no way to sign out");
    const said = await findings(page);
    h.check(said.length === 0, said.join("\n"));
    await h.shot(page, "more-360-light");
  });
}

/** One page in all its sizes and colours; it is loaded anew at each width, as people do. */
async function look(page, url, [name, address, status = 200]) {
  const wide = [];
  const found = new Map();
  await h.must(`${name}: one heading, small, and the browser is content`, async () => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 700 ? 740 : 900 });
      await page.emulateMedia({ colorScheme: themes[0] });
      const answer = await h.visit(page, url + address, status);
      const bytes = (await answer.body()).length;
      h.check(bytes < most, `the page has ${bytes} bytes`);
      h.same(await page.locator("h1").count(), 1, "the number of first headings");
      await page.evaluate(() => document.fonts.ready);
      const over = await overflow(page);
      if (over) wide.push(over);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        for (const finding of await findings(page)) {
          found.set(finding, [...(found.get(finding) ?? []), `${width} ${colorScheme}`]);
        }
        await h.shot(page, `${name}-${width}-${colorScheme}`);
      }
    }
    h.quiet(page);
  });
  await h.must(`${name}: nothing is wider than the window`, async () => h.check(wide.length === 0, wide.join("\n")));
  await h.must(`${name}: axe finds nothing`, async () => {
    const said = [...found].map(([finding, at]) => `${at.length === 6 ? "always" : at.join(", ")}: ${finding}`);
    h.check(said.length === 0, said.join("\n"));
  });
}

async function all(window) {
  const server = await h.demo();
  const page = await h.open(window);
  const { url } = server;
  const outside = [["sign-in", "/sign-in"], ["sign-in-link", new URL(server.found).pathname], ["code-outside", "/codes/RUN0201"]];
  for (const place of outside) await look(page, url, place);
  await page.setViewportSize({ width: 1440, height: 900 });
  await h.need("the link of the demo signs in", async () => h.signIn(page, server.found));
  await h.need("a program suggests a change", () => suggest(page, server, "monthly-invoicing"));
  const inside = await h.need("the sample company has something for every page", () => places(page, url));
  // Two windows at once keep both cores busy; each shows its own share of the pages.
  const second = await page.context().newPage();
  h.watch(second);
  const rest = [...inside];
  const share = async (page) => {
    for (let place = rest.shift(); place; place = rest.shift()) await look(page, url, place);
  };
  await Promise.all([share(page), share(second)]);
  await more(page, url);
  await server.stop();
}

export default () => h.tell("Every page at every width, light and dark", all);

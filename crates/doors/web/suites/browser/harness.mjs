// What all stories share: the program, the browser, the watch over what a page complains of, the count.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const gemba = process.env.GEMBA_BIN;
const shots = join(process.env.GEMBA_SUITE_WORK, "shots");
/** How long anything may take; two busy cores are slow. */
export const patience = 20_000;

let passed = 0;
const failures = [];
const windows = new Set();

/** One thing that must hold: said, tried, counted. What it gives back goes on to the caller. */
export async function must(what, act) {
  try {
    const result = await act();
    passed += 1;
    console.log(`ok      ${what}`);
    return result;
  } catch (error) {
    const why = String(error?.message ?? error).replace(/\x1b\[\d+m/g, "");
    failures.push(what);
    console.log(`failed  ${what}\n        ${why.trim().split("\n").slice(0, 14).join("\n        ")}`);
    for (const page of windows) await evidence(page, `failed-${failures.length}`);
    return undefined;
  }
}

/** Where a window stands when something failed: its address, its complaints, a picture. */
async function evidence(page, name) {
  const said = page.complaints.length > 0 ? `, complaining: ${page.complaints.join("; ")}` : "";
  console.log(`        a window stands at ${page.url()}${said} (${name}.png)`);
  await shot(page, name).catch(() => {});
}

/** What stops a story when it does not hold: the rest would only fail for the same reason. */
export async function need(what, act) {
  const before = failures.length;
  const result = await must(what, act);
  if (failures.length > before) throw new Stopped(what);
  return result;
}

export class Stopped extends Error {}

export function check(holds, why) {
  if (!holds) throw new Error(why);
}

export function same(found, wanted, what = "it") {
  check(found === wanted, `${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

/** Says what came of a story and gives the exit code. */
export function count() {
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

/** Waits until a question is answered with something true, asking a bounded number of times. */
export async function until(what, ask, tries = 80) {
  for (let left = tries; left > 0; left -= 1) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`${what}: not so after ${tries} looks`);
}

/** Runs the program to its end and gives what it printed. */
export function run(...args) {
  const ended = spawnSync(gemba, args, { encoding: "utf8", timeout: 60_000 });
  if (ended.status !== 0) {
    throw new Error(`gemba ${args[0]} ended with ${ended.status}: ${ended.stderr || ended.error}`);
  }
  return ended.stdout.trim();
}

/** A folder that is gone when the story ends. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), "gemba-browser-"));
  process.on("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts a server and waits for the address that `wanted` finds in what it prints. */
export async function server(args, wanted) {
  const child = spawn(gemba, args, { stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => child.kill("SIGKILL"));
  let said = "";
  const found = await new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`gemba ${args[0]} printed no address: ${said}`)), 60_000);
    const hear = (bytes) => {
      said += bytes;
      const match = wanted.exec(said);
      if (match) done(match[1]);
      if (match) clearTimeout(late);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code, signal) => {
      clearTimeout(late);
      fail(new Error(`gemba ${args[0]} ended with ${code}: ${said}`));
      console.log(`        gemba ${args[0]} ended by itself with ${code ?? signal}; it said: ${said}`);
    });
  });
  const stop = () =>
    new Promise((done) => {
      child.removeAllListeners("exit");
      child.on("exit", done);
      child.kill("SIGTERM");
    });
  return { found, url: new URL(found).origin, said: () => said, stop };
}

/** The sample company; what is found is the link that signs in as its operations lead. */
export const demo = () => server(["demo", "--listen", "127.0.0.1:0"], /(http:\S+\/sign-in\/link\/\S+)\s/);

/** The data of a folder. */
export const serve = (data) =>
  server(["serve", "--data", data, "--listen", "127.0.0.1:0"], /(http:\S+)\s/);

export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
    ],
  });
}

/** A window whose pages are watched: complaints of the browser are collected in `page.complaints`. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  watch(page);
  return page;
}

/** Collects what the browser complains of. */
export function watch(page) {
  page.complaints = [];
  windows.add(page);
  page.on("close", () => windows.delete(page));
  page.on("console", (message) => {
    if (message.type() !== "error" && !/Content Security Policy/i.test(message.text())) return;
    // A page that says no with its status is no complaint; what it loads is.
    const own = message.location().url.split("#")[0] === page.url().split("#")[0];
    if (own && /Failed to load resource/.test(message.text())) return;
    page.complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    // A check of the editor that was overtaken by the next one is given up by intent.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") {
      page.complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
    }
  });
}

/** What the browser complained of since the last time it was asked. */
export function quiet(page) {
  const said = page.complaints.splice(0);
  check(said.length === 0, said.join("\n"));
}

/** A picture of the page, as far down as the browser still paints it without repeating itself. */
export async function shot(page, name) {
  mkdirSync(shots, { recursive: true });
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width, height: Math.min(Math.max(whole, height), 4000) };
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, clip, animations: "disabled" });
}

/** Goes to an address and says what came, which must be the expected status. */
export async function visit(page, address, status = 200) {
  const answer = await page.goto(address, { waitUntil: "load" });
  same(answer.status(), status, `the status of ${address}`);
  return answer;
}

/** Opens the link that signs in and presses its button. */
export async function signIn(page, link) {
  await visit(page, link);
  await press(page, "Sign in");
}

/** Presses a button or follows a link by its words, and waits for the page that comes. */
export async function press(scope, name, exact = true) {
  const found = scope.getByRole("button", { name, exact }).or(scope.getByRole("link", { name, exact }));
  const page = scope.page?.() ?? scope;
  await Promise.all([page.waitForEvent("load"), found.first().click()]);
}

/** The words of the page's one heading. */
export const heading = async (page) => (await page.locator("h1").first().innerText()).trim();

/** The word that came of the act before. */
export async function says(page, words) {
  const flash = page.locator("main").getByText(words).first();
  check(await flash.isVisible().catch(() => false), `the page does not say "${words}"`);
}

/** One story from beginning to end. */
export async function tell(title, story) {
  console.log(`\n${title}`);
  const window = await browser();
  try {
    await story(window);
  } catch (error) {
    if (!(error instanceof Stopped)) await must(title, () => Promise.reject(error));
  } finally {
    await window.close();
  }
}

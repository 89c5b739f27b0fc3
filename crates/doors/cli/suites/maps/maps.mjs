// Draws every SOP of the folders named and a hostile one in every format, and holds each drawing
// against the program that has to read it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const gemba = process.env.GEMBA_BIN;
const drawn = join(process.env.GEMBA_SUITE_WORK, "drawn");
mkdirSync(drawn, { recursive: true });

let passed = 0;
const failures = [];
function must(what, why) {
  if (why.length === 0) {
    passed += 1;
    return;
  }
  failures.push(what);
  console.log(`failed  ${what}\n        ${why.slice(0, 6).join("\n        ")}`);
}

function documents(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? documents(path) : path.endsWith(".md") ? [path] : [],
    );
}

function draw(source, name, ...more) {
  const file = join(drawn, name);
  execFileSync(gemba, ["map", source, "-o", file, ...more], { stdio: "pipe" });
  return readFileSync(file, "utf8");
}

/** In the browser: every text stays within its shape, and no words lie on others or on a shape. */
function measure() {
  const wrong = [];
  const box = (element) => {
    const { x, y, width, height } = element.getBBox();
    return { x, y, right: x + width, bottom: y + height, words: element.textContent };
  };
  // Glyphs are less high than their line, so a little of the line may touch.
  const overlap = (a, b) =>
    a.x + 1 < b.right && b.x + 1 < a.right && a.y + 3 < b.bottom && b.y + 3 < a.bottom;
  const shapes = [];
  for (const group of document.querySelectorAll("g[data-shape]")) {
    const rect = group.querySelector("rect");
    if (!rect) {
      shapes.push(box(group.querySelector("path")));
      continue;
    }
    const outer = box(rect);
    shapes.push(outer);
    const texts = [...group.querySelectorAll("text")].map(box);
    for (const text of texts) {
      if (text.x < outer.x || text.right > outer.right || text.y < outer.y || text.bottom > outer.bottom) {
        wrong.push(`"${text.words}" leaves its shape by ${Math.round(text.right - outer.right)}`);
      }
    }
    texts.forEach((one, index) => {
      for (const other of texts.slice(index + 1)) {
        if (overlap(one, other)) wrong.push(`"${one.words}" lies on "${other.words}"`);
      }
    });
  }
  for (const head of document.querySelectorAll(".lane-head")) {
    const outer = box(head);
    for (const text of [...head.parentNode.querySelectorAll("text")].map(box)) {
      if (text.x < outer.x || text.right > outer.right || text.y < outer.y || text.bottom > outer.bottom) {
        wrong.push(`"${text.words}" leaves its lane's header`);
      }
    }
  }
  const labels = [...document.querySelectorAll(".label, .label-end")].map(box);
  labels.forEach((one, index) => {
    for (const other of [...labels.slice(index + 1), ...shapes]) {
      if (overlap(one, other)) wrong.push(`the label "${one.words}" lies on "${other.words}"`);
    }
  });
  // Lines: every stretch of every edge against every label.
  for (const line of document.querySelectorAll(".edge, .back, .handoff")) {
    const length = line.getTotalLength();
    for (let at = 0; at <= length; at += 4) {
      const point = line.getPointAtLength(at);
      for (const label of labels) {
        if (
          point.x > label.x + 1 &&
          point.x < label.right - 1 &&
          point.y > label.y + 3 &&
          point.y < label.bottom - 3
        ) {
          wrong.push(`a line runs through the label "${label.words}"`);
        }
      }
    }
  }
  return [...new Set(wrong)];
}

const profile = mkdtempSync(join(tmpdir(), "gemba-maps-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = await browser.newPage();
const sources = [join(here, "hostile.md"), ...process.argv.slice(2).flatMap(documents)];
const fonts = ["DejaVu Sans", "sans-serif", "Arial", "serif"];
for (const [number, source] of sources.entries()) {
  const name = `${String(number).padStart(3, "0")}`;
  for (const [word, ...more] of [["right"], ["down", "--down"]]) {
    const svg = draw(source, `${name}-${word}.svg`, ...more);
    await page.setContent(svg);
    for (const font of number === 0 ? fonts : fonts.slice(0, 2)) {
      await page.addStyleTag({ content: `.gemba-map{font-family:${font} !important}` });
      must(`${source}, ${word}, in ${font}: every text has its room`, await page.evaluate(measure));
    }
  }
  if (number === 0) {
    await page.addStyleTag({ content: ".gemba-map text{font-size:20px !important}" });
    const found = await page.evaluate(measure);
    must("letters that are too large are found out", found.length > 20 ? [] : ["they are not"]);
  }
  const shapes = draw(source, `${name}.svg`).match(/data-shape=/g).length;
  const dot = draw(source, `${name}.dot`);
  const read = spawnSync("dot", ["-Tplain"], { input: dot, encoding: "utf8" });
  const nodes = read.stdout.split("\n").filter((line) => line.startsWith("node ")).length;
  const why = [read.status === 0 ? [] : [`ended with ${read.status}`], read.stderr.trim() || []].flat();
  if (nodes !== shapes) why.push(`${nodes} nodes for ${shapes} shapes`);
  must(`${source}: Graphviz draws it`, why);
}
await page.goto("about:blank");
await page.addScriptTag({ path: join(here, "node_modules/mermaid/dist/mermaid.min.js") });
await page.evaluate(() => mermaid.initialize({ startOnLoad: false, securityLevel: "strict" }));
for (const [number, source] of sources.entries()) {
  const name = `${String(number).padStart(3, "0")}`;
  const text = draw(source, `${name}.mmd`);
  const shapes = readFileSync(join(drawn, `${name}-right.svg`), "utf8").match(/data-shape=/g).length;
  const found = await page.evaluate(
    async ([text, id]) => {
      try {
        const { svg } = await mermaid.render(id, text);
        const holder = document.createElement("div");
        holder.innerHTML = svg;
        return { nodes: holder.querySelectorAll("g.node").length, scripts: holder.querySelectorAll("script, a[href]").length };
      } catch (error) {
        return { error: String(error.message ?? error) };
      }
    },
    [text, `m${name}`],
  );
  const why = found.error ? [found.error] : [];
  if (!found.error && found.nodes !== shapes) why.push(`${found.nodes} nodes for ${shapes} shapes`);
  if (found.scripts > 0) why.push("a title became markup");
  must(`${source}: Mermaid draws it`, why);
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
console.log(`${sources.length} documents, ${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

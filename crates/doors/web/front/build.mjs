// Bundles the enhancement script, the typeface and the icon sprite into ../dist.
//
// The server embeds whatever is in that folder and works when it is empty.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "dist");
const modules = join(here, "node_modules");
// What every page loads, and what the editor loads besides.
const scriptLimit = 40 * 1024;
const editorLimit = 220 * 1024;

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);
const squeeze = (bytes) => gzipSync(bytes, { level: 9, mtime: 0 });

const manifest = {};

/** Writes one file under a name that changes with its content, and its gzip beside it. */
async function put(stem, extension, bytes, { gzip }) {
  const name = `${stem}.${hash(bytes)}.${extension}`;
  manifest[`${stem}.${extension}`] = name;
  await writeFile(join(dist, name), bytes);
  if (gzip) await writeFile(join(dist, `${name}.gz`), squeeze(bytes));
  return name;
}

/** One script for the browser, no larger than said when it is compressed. */
async function script(stem, limit) {
  const result = await build({
    entryPoints: [join(here, "src", `${stem}.js`)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
  });
  const bytes = Buffer.from(result.outputFiles[0].contents);
  const size = squeeze(bytes).length;
  if (size > limit) throw new Error(`${stem}.js is ${size} bytes compressed, over ${limit}`);
  await put(stem, "js", bytes, { gzip: true });
  return size;
}

async function typeface() {
  const faces = [];
  for (const weight of [400, 600]) {
    const file = join(modules, "@fontsource/inter/files", `inter-latin-${weight}-normal.woff2`);
    const name = await put(`inter-${weight}`, "woff2", await readFile(file), { gzip: false });
    faces.push(
      `@font-face{font-family:Inter;font-style:normal;font-weight:${weight};font-display:swap;` +
        `src:url(${name}) format("woff2")}`,
    );
  }
  await put("fonts", "css", Buffer.from(faces.join("\n") + "\n"), { gzip: true });
}

async function icons() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = [];
  for (const name of names) {
    const source = await readFile(join(modules, "lucide-static/icons", `${name}.svg`), "utf8");
    const shapes = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    const flat = shapes.replace(/\s+/g, " ").replaceAll("> <", "><").trim();
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${flat}</symbol>`);
  }
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await put("icons", "svg", Buffer.from(sprite), { gzip: true });
}

/** The notices that the bundled works ask to travel with them. */
async function notices() {
  const bundled = await readFile(join(here, "package-lock.json"), "utf8");
  const works = Object.entries(JSON.parse(bundled).packages)
    .filter(([path, { dev }]) => path !== "" && !dev)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  const parts = [];
  for (const work of works) {
    parts.push(`${work}\n\n${(await readFile(join(modules, work, "LICENSE"), "utf8")).trim()}\n`);
  }
  await put("notices", "txt", Buffer.from(parts.join("\n\n")), { gzip: true });
}

/** The sheet is embedded and joined by the server itself; only its compressed twin is made here. */
async function stylesheet() {
  const styles = join(here, "..", "styles");
  const parts = [];
  for (const name of (await readdir(styles)).sort()) parts.push(await readFile(join(styles, name)));
  // As the server names it: the hashes of all parts, put together by exclusive or.
  const sum = Buffer.alloc(5);
  for (const part of parts) {
    createHash("sha256").update(part).digest().subarray(0, 5).forEach((byte, at) => { sum[at] ^= byte; });
  }
  await writeFile(join(dist, `app.${sum.toString("hex")}.css.gz`), squeeze(Buffer.concat(parts)));
}

await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) await rm(join(dist, name));
const size = await script("app", scriptLimit);
const editorSize = await script("editor", editorLimit);
await typeface();
await icons();
await notices();
await stylesheet();
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.error(`front end built: script ${size} bytes compressed, of the editor ${editorSize} more`);

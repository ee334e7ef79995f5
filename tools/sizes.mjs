// Puts a .br and a .gz beside every file of the built site that shrinks by it, and prints what a reader downloads.
// usage: node tools/sizes.mjs [--table | --json] FOLDER      --table: only print; --json: only print, as JSON
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// The shell with its first scene, and 8 KiB for each further scene whose engine is in it: 02, 04, 04a (the controller
// and its log), 05 (the knobs on the stage, and what comes of a record), 06.
const FIRST_LOAD_BUDGET_BYTES = (220 + 5 * 8) * 1024;
const COMPRESSIBLE = /\.(html|js|css|wasm|json|svg|txt|bin)$/;

const compress = (raw) => ({
  br: brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }),
  gz: gzipSync(raw, { level: 9 }),
});

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();

// What the front page loads before anything is asked of it: the page, and each file that it names, late ones aside.
// Of the fonts, the first file of each cut: prose in three cuts and data in two are on most pages. Not the "-more"
// files: a browser fetches one only for a letter that the page has and the first file lacks (web/style/fonts.css).
function isFirstLoad(name, frontPage) {
  if (name === "index.html") return true;
  if (name.endsWith(".woff2")) return !name.includes("-more-");
  const late = frontPage.match(/name="kafka-lab-files" content="([^"]*)"/)?.[1] ?? "";
  // One of the hooks is what the front page shows; all are counted.
  if (/-hook-[0-9a-f]{16}\.bin$/.test(name)) return true;
  return frontPage.includes(`./${name}"`) && !late.includes(name);
}

function partOf(name, first) {
  if (name === "index.html") return "front page";
  if (name.endsWith(".html")) return "other pages";
  if (!first) return "loaded late";
  if (name.endsWith(".woff2")) return "fonts";
  if (name.endsWith(".wasm")) return "app, wasm";
  if (name.endsWith(".js")) return "app, JavaScript";
  if (name.endsWith(".css")) return "style sheet";
  if (name.endsWith(".bin")) return "scene's hook";
  return "icon";
}

function weigh(folder) {
  const frontPage = readFileSync(join(folder, "index.html"), "utf8");
  const parts = new Map();
  for (const path of filesIn(folder)) {
    const name = relative(folder, path);
    const first = isFirstLoad(name, frontPage);
    const raw = statSync(path).size;
    const packed = (ending) => (existsSync(path + ending) ? statSync(path + ending).size : raw);
    const part = partOf(name, first);
    const sum = parts.get(part) ?? { part, first, files: 0, raw: 0, gzip: 0, brotli: 0 };
    sum.files += 1;
    sum.raw += raw;
    sum.gzip += packed(".gz");
    sum.brotli += packed(".br");
    parts.set(part, sum);
  }
  return [...parts.values()].sort((a, b) => Number(b.first) - Number(a.first) || b.brotli - a.brotli);
}

function total(parts) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const part of parts) for (const key of Object.keys(sum)) sum[key] += part[key];
  return sum;
}

function printTable(parts) {
  const kilobytes = (bytes) => (bytes / 1024).toFixed(1).padStart(9);
  const row = (name, { raw, gzip, brotli }) => name.padEnd(24) + [raw, gzip, brotli].map(kilobytes).join("");
  const first = parts.filter((part) => part.first);
  console.log(`${"size in KiB".padEnd(24)}${"raw".padStart(9)}${"gzip".padStart(9)}${"brotli".padStart(9)}`);
  for (const part of first) console.log(row(part.part, part));
  console.log(`${row("first load", total(first))}   budget ${FIRST_LOAD_BUDGET_BYTES / 1024}`);
  for (const part of parts.filter((part) => !part.first)) console.log(row(`${part.part} (${part.files})`, part));
}

const [mode, folder] = process.argv[2]?.startsWith("--") ? process.argv.slice(2) : ["", process.argv[2]];
if (!folder) {
  console.error("usage: node tools/sizes.mjs [--table | --json] FOLDER");
  process.exit(2);
}
if (mode === "") {
  for (const path of filesIn(folder).filter((path) => COMPRESSIBLE.test(path))) {
    const raw = readFileSync(path);
    const { br, gz } = compress(raw);
    if (br.length < raw.length) writeFileSync(`${path}.br`, br);
    if (gz.length < raw.length) writeFileSync(`${path}.gz`, gz);
  }
}
const parts = weigh(folder);
if (mode === "--json") {
  const first = parts.filter((part) => part.first);
  console.log(JSON.stringify({ budget: FIRST_LOAD_BUDGET_BYTES, firstLoad: total(first), parts }, null, 1));
} else {
  printTable(parts);
}

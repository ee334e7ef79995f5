// What every browser test starts with: the built site on a server of its own, Debian's Chromium, pages that keep a
// diary of everything that must not happen.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { serve } from "../../tools/server.mjs";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const DIST = join(ROOT, "dist");

/** The three sizes that every screen is looked at in, by width. */
export const SIZES = {
  390: { width: 390, height: 844 },
  820: { width: 820, height: 1180 },
  1440: { width: 1440, height: 900 },
};
export const THEMES = ["light", "dark"];

/** Serves dist/ on a free port, under `base`. Close it when done. */
export function startSite({ base = "/" } = {}) {
  if (!existsSync(join(DIST, "index.html"))) throw new Error("dist/ is missing; make it with ./lab build");
  return serve(DIST, { base });
}

/** Folders of the app's pages that the site was built with: "" for the front page, "02", … */
export function builtPages() {
  return readdirSync(DIST, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name === "index.html")
    .map((entry) => entry.parentPath ?? entry.path)
    // The example course page is not the app's.
    .filter((folder) => readFileSync(join(folder, "index.html"), "utf8").includes("kafka-lab-page"))
    .map((folder) => relative(DIST, folder).split(sep).join("/"))
    .sort();
}

/** The hash routes of the same pages: "#/", "#/02", … */
export const hashRoutes = () => builtPages().map((folder) => `#/${folder}`);

/** A program's place on PATH, so that Debian's browsers are used and none is downloaded. */
export function programOnPath(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      if (folder && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error(`none of ${names.join(", ")} is on PATH; ./lab test installs or names it`);
}

/** A headless Chromium that asks nothing of the network by itself. */
export function launch(options = {}) {
  return chromium.launch({
    executablePath: programOnPath("chromium", "chromium-browser", "google-chrome"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
    ...options,
  });
}

/**
 * Opens an address in a fresh context.
 * - width: 390, 820 or 1440; theme: what the system prefers, "light" or "dark"
 * - script: false switches JavaScript off; reducedMotion: true asks for it
 * - waitForApp: wait until the app runs (default: as `script`)
 *
 * `page.diary` holds { errors, requests, blocked }: what the console and the page complained about, the address of
 * everything that was asked for, and what the content security policy forbade.
 */
export async function openPage(browser, address, options = {}) {
  const { width = 1440, theme = "light", script = true, reducedMotion = false, waitForApp = script } = options;
  const context = await browser.newContext({
    viewport: SIZES[width],
    colorScheme: theme,
    reducedMotion: reducedMotion ? "reduce" : "no-preference",
    javaScriptEnabled: script,
    hasTouch: width === 390,
    isMobile: width === 390,
    serviceWorkers: "block",
  });
  const page = await context.newPage();
  const diary = { errors: [], requests: [], blocked: [] };
  page.diary = diary;
  page.on("console", (message) => {
    const text = `${message.type()}: ${message.text()}`;
    if (/content security policy/i.test(text)) diary.blocked.push(text);
    else if (["error", "warning"].includes(message.type())) diary.errors.push(text);
  });
  page.on("pageerror", (problem) => diary.errors.push(String(problem)));
  page.on("request", (request) => diary.requests.push(request.url()));
  page.on("requestfailed", (request) => {
    const problem = request.failure()?.errorText;
    // A page that is left gives up what it was still asking for.
    if (problem !== "net::ERR_ABORTED") diary.errors.push(`failed: ${request.url()} ${problem}`);
  });
  if (script) {
    await page.exposeFunction("noteBlocked", (text) => diary.blocked.push(text));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        window.noteBlocked(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
      });
    });
  }
  await page.goto(address, { waitUntil: "load" });
  if (waitForApp) await appRuns(page);
  return page;
}

/** Closes a page, of which nothing must have complained. */
export async function closeClean(page) {
  assert.deepEqual([page.diary.errors, page.diary.blocked], [[], []]);
  await page.context().close();
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** axe-core's rules (WCAG 2.2 A and AA, and its best practices) on what the page shows now; `what` names it. */
export async function axeFindsNothing(page, what) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  assert.ok(passes.length > 10, `axe looked at the page: ${passes.length} rules passed`);
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${what}: ${id}: ${help}: ${target.join(" ")}\n    ${failureSummary}`));
  assert.deepEqual(found, []);
}

/** Waits until the app has started and the fonts are there. */
export async function appRuns(page) {
  await page.waitForFunction(() => document.documentElement.dataset.app !== undefined, null, { timeout: 30_000 });
  const state = await page.evaluate(() => document.documentElement.dataset.app);
  if (state !== "running") throw new Error(`the app did not start: ${page.diary.errors.join("; ")}`);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** Where ./lab keeps what it builds. */
export const TARGET = process.env.LAB_TARGET ?? process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/**
 * The bare core, as wasm with its glue (a folder) and as a native program; built by `./lab test browser`. As the worker
 * has it, compiled for speed, it is built by `./lab bench browser`.
 */
export const measures = {
  wasm: join(TARGET, "lab-measures"),
  workerWasm: join(TARGET, "lab-worker-measures"),
  native: join(TARGET, "debug/sample-hashes"),
};

/** Serves the bare core beside an empty page, under the site's own content security policy. */
export function startMeasures(folder = measures.wasm) {
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>The bare core</title>");
  return serve(folder);
}

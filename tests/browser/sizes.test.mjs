// The first load, fonts and all, keeps its budget, packed with brotli: 220 KiB for the shell with its first scene, and
// 8 for each further one whose engine is in the shell.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DIST, ROOT, builtPages, launch, openPage, startSite } from "./harness.mjs";

const program = join(ROOT, "tools/sizes.mjs");
const sizes = () => JSON.parse(execFileSync("node", [program, "--json", DIST], { encoding: "utf8" }));

test("the first load, packed with brotli, keeps its budget", () => {
  const { firstLoad, budget, parts } = sizes();
  assert.equal(budget, (220 + 5 * 8) * 1024);
  for (const part of ["front page", "app, wasm", "app, JavaScript", "style sheet", "fonts"]) {
    assert.ok(parts.some((entry) => entry.part === part && entry.brotli > 0), `the table has a row for ${part}`);
  }
  assert.ok(firstLoad.brotli <= budget, `${firstLoad.brotli} bytes`);
});

test("the wasm that is split off is in no page's first load, the script that fetches it is", () => {
  const chunks = readdirSync(DIST).filter((name) => /^(split|chunk)_.*\.wasm$/.test(name));
  const loader = readdirSync(DIST).find((name) => /^later-.*\.js$/.test(name));
  assert.ok(chunks.length > 0 && loader, "there are both");
  for (const folder of builtPages()) {
    const html = readFileSync(join(DIST, folder, "index.html"), "utf8");
    for (const chunk of chunks) assert.ok(!html.includes(chunk), `/${folder} names ${chunk}`);
    assert.ok(html.includes(`/${loader}"`), `/${folder} names ${loader}`);
  }
  const wasm = sizes().parts.find((entry) => entry.part === "app, wasm");
  assert.equal(wasm.files, 1);
});

test("what a browser really loads for a page is within what the table says of it", async (t) => {
  const { firstLoad, parts } = sizes();
  const late = parts.find((part) => part.part === "loaded late")?.brotli ?? 0;
  const [browser, site] = await Promise.all([launch(), startSite()]);
  t.after(() => Promise.all([browser.close(), site.close()]));
  for (const folder of builtPages()) {
    const page = await openPage(browser, site.address + (folder && `${folder}/`));
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name, encodedBodySize }) => ({ name, size: encodedBodySize })));
    const bytes = loaded.reduce((sum, { size }) => sum + size, 0);
    assert.ok(bytes > 20_000, `/${folder}: the browser said what it loaded: ${bytes}`);
    assert.ok(bytes <= firstLoad.brotli + late, `/${folder}: ${bytes} bytes, the table says ${firstLoad.brotli}`);
    const more = loaded.filter(({ name }) => name.includes("-more-"));
    assert.deepEqual(more, [], `/${folder} has a letter that the first file of its cut lacks (tools/fonts.py)`);
    await page.context().close();
  }
});

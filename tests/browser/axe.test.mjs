// axe-core's rules (WCAG 2.2 A and AA, and its best practices), on every route, in both themes, wide and on a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { join } from "node:path";

import { DIST, THEMES, builtPages, hashRoutes, launch, openPage, startSite } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ROUTES = [...hashRoutes(), "#/no-such-place"];
/** The steps of every scene, as its built page links to them. */
const STEPS = [...new Set(builtPages().flatMap((folder) => {
  const page = readFileSync(join(DIST, folder, "index.html"), "utf8");
  return [...page.matchAll(/href="[^"]*(#\/[\w-]+\/[\w-]+)"/g)].map(([, route]) => route);
}))];

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

async function assertNothingFound(route, width, theme) {
  const page = await openPage(browser, site.address + route, { width, theme, reducedMotion: true });
  // What is loaded late is part of the page.
  if (await page.locator(".transport").count() > 0) await page.locator(".drawer").waitFor({ state: "attached" });
  if (await page.locator(".practice").count() > 0) await page.locator(".practice > *").first().waitFor();
  if (await page.locator(".conditions").count() > 0) await page.locator(".acts summary").click();
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  assert.ok(passes.length > 10, `axe looked at the page: ${passes.length} rules passed`);
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}\n    ${failureSummary}`));
  assert.deepEqual(found, []);
  await page.context().close();
}

for (const route of ROUTES) {
  for (const theme of THEMES) {
    for (const width of [390, 1440]) {
      test(`${route}, ${theme}, ${width}`, () => assertNothingFound(route, width, theme));
    }
  }
}

test("every scene has steps to look at", () => assert.ok(STEPS.length > 20, STEPS.join(" ")));
for (const route of STEPS) {
  test(`${route}, light, 390`, () => assertNothingFound(route, 390, "light"));
  test(`${route}, dark, 1440`, () => assertNothingFound(route, 1440, "dark"));
}

// axe-core's rules (WCAG 2.2 A and AA, and its best practices), on every route, in both themes, wide and on a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";

import { DIST, THEMES, axeFindsNothing, builtPages, hashRoutes, launch, openPage, startSite } from "./harness.mjs";

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
  await assertNothingFoundOn(page);
  await page.context().close();
}

async function assertNothingFoundOn(page) {
  // What is loaded late is part of the page.
  if (await page.locator(".transport").count() > 0) await page.locator(".drawer").waitFor({ state: "attached" });
  if (await page.locator(".practice").count() > 0) await page.locator(".practice > *").first().waitFor();
  const closed = page.locator(".acts:not([open]) summary");
  if (await page.locator(".conditions").count() > 0 && await closed.count() > 0) await closed.click();
  await axeFindsNothing(page, page.url());
}

for (const route of ROUTES) {
  for (const theme of THEMES) {
    for (const width of [390, 1440]) {
      test(`${route}, ${theme}, ${width}`, () => assertNothingFound(route, width, theme));
    }
  }
}

test("every scene has steps to look at", () => assert.ok(STEPS.length > 20, STEPS.join(" ")));
for (const [width, theme] of [[390, "light"], [1440, "dark"]]) {
  for (const scene of new Set(STEPS.map((route) => route.split("/")[1]))) {
    // One page for all steps of a scene: a reader goes from one to the next, too.
    describe(`the steps of ${scene}, ${theme}, ${width}`, () => {
      let page;
      before(async () => {
        page = await openPage(browser, `${site.address}#/${scene}`, { width, theme, reducedMotion: true });
      });
      after(() => page.context().close());
      for (const route of STEPS.filter((route) => route.split("/")[1] === scene)) {
        test(route, async () => {
          await page.evaluate((to) => { window.location.hash = to; }, route);
          await page.waitForFunction((to) => document.querySelector(`[aria-current="step"][href$="${to}"]`), route);
          await assertNothingFoundOn(page);
        });
      }
    });
  }
}

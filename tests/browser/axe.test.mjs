// axe-core's rules (WCAG 2.2 A and AA, and its best practices), on every route, in both themes, wide and on a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { THEMES, hashRoutes, launch, openPage, startSite } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ROUTES = [...hashRoutes(), "#/no-such-place"];

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

for (const route of ROUTES) {
  for (const theme of THEMES) {
    for (const width of [390, 1440]) {
      test(`${route}, ${theme}, ${width}`, async () => {
        const page = await openPage(browser, site.address + route, { width, theme, reducedMotion: true });
        // What is loaded late is part of the page.
        if (await page.locator(".stage").count() > 0) await page.locator(".drawer").waitFor({ state: "attached" });
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => window.axe.run(document));
        assert.ok(passes.length > 10, `axe looked at the page: ${passes.length} rules passed`);
        const found = violations.flatMap(({ id, help, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}\n    ${failureSummary}`));
        assert.deepEqual(found, []);
        await page.context().close();
      });
    }
  }
}

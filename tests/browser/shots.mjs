// Takes pictures of routes at three sizes in both themes, into tests/screenshots/.
// usage: node tests/browser/shots.mjs [--full] [ROUTE…]      a route is 02, or #/02?beat=1; none means every page
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { ROOT, SIZES, THEMES, hashRoutes, launch, openPage, startSite } from "./harness.mjs";

const words = process.argv.slice(2);
const fullPage = words.includes("--full");
const asked = words.filter((word) => word !== "--full");
const routes = asked.length > 0 ? asked.map((word) => (word.startsWith("#") ? word : `#/${word}`)) : hashRoutes();

const folder = join(ROOT, "tests/screenshots");
mkdirSync(folder, { recursive: true });
const site = await startSite();
const browser = await launch();
let complaints = 0;
for (const route of routes) {
  // A link with a run in it is longer than a file's name may be.
  const name = (route.replace(/^#\//, "").replace(/[^a-z0-9]+/gi, "-") || "front").slice(0, 60);
  for (const width of Object.keys(SIZES)) {
    for (const theme of THEMES) {
      const page = await openPage(browser, site.address + route, { width: Number(width), theme });
      await page.waitForTimeout(400);
      const path = join(folder, `${name}-${width}-${theme}.png`);
      await page.screenshot({ path, fullPage });
      console.log(`tests/screenshots/${name}-${width}-${theme}.png`);
      for (const line of [...page.diary.errors, ...page.diary.blocked]) {
        complaints += 1;
        console.error(`  ${route} ${width} ${theme}: ${line}`);
      }
      await page.context().close();
    }
  }
}
await browser.close();
await site.close();
process.exit(complaints > 0 ? 1 : 0);

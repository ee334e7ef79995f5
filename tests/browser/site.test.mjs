// The built site: whole under any path, readable without script, silent towards every other origin.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { DIST, builtPages, hashRoutes, launch, openPage, startSite } from "./harness.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const close = (page) => page.context().close();

/** Nothing was complained about, blocked, or asked of another place than the site's own folder. */
function assertQuiet(page, site) {
  assert.deepEqual(page.diary.errors, []);
  assert.deepEqual(page.diary.blocked, []);
  const elsewhere = page.diary.requests.filter((address) => !address.startsWith(site.address));
  assert.deepEqual(elsewhere, []);
}

for (const base of ["/", "/some/sub/path/"]) {
  describe(`under ${base}`, () => {
    let site;
    before(async () => { site = await startSite({ base }); });
    after(() => site.close());

    for (const folder of builtPages()) {
      test(`/${folder} starts, and asks only for hashed files of its own folder`, async () => {
        const page = await openPage(browser, site.address + (folder && `${folder}/`));
        assertQuiet(page, site);
        const assets = page.diary.requests.filter((address) => !address.endsWith("/"));
        assert.ok(assets.some((address) => address.endsWith(".wasm")), assets.join("\n"));
        for (const address of assets) assert.match(address, /-[0-9a-f]{16}(_bg)?\.\w+$/);
        await close(page);
      });
    }

    for (const route of hashRoutes()) {
      test(`${route} leads to the same page`, async () => {
        const byHash = await openPage(browser, site.address + route);
        const byFolder = await openPage(browser, site.address + (route === "#/" ? "" : `${route.slice(2)}/`));
        const heading = (page) => page.locator("h1").first().innerText();
        assert.equal(await heading(byHash), await heading(byFolder));
        assertQuiet(byHash, site);
        await close(byHash);
        await close(byFolder);
      });
    }
  });
}

describe("without script", () => {
  let site;
  before(async () => { site = await startSite(); });
  after(() => site.close());

  for (const folder of builtPages()) {
    test(`/${folder} has its text and its picture`, async () => {
      const page = await openPage(browser, site.address + (folder && `${folder}/`), { script: false });
      assert.ok((await page.locator("h1").first().innerText()).length > 3);
      assert.ok((await page.locator("main").innerText()).split(/\s+/).length >= 40, "at least 40 words");
      const drawn = await page.locator("main svg").evaluateAll((all) => {
        const pictures = all.filter((svg) => svg.getBoundingClientRect().width > 200);
        return Math.max(0, ...pictures.map((svg) => svg.querySelectorAll("*").length));
      });
      assert.ok(drawn >= 10, `a picture of at least 10 shapes, found ${drawn}`);
      assert.ok((await page.title()).length > 5);
      assert.ok((await page.locator("meta[name=description]").getAttribute("content")).length > 20);
      await close(page);
    });
  }
});

describe("the files", () => {
  for (const folder of builtPages()) {
    const html = readFileSync(join(DIST, folder, "index.html"), "utf8");

    test(`/${folder} has no inline script, no style attribute and no handler`, () => {
      assert.doesNotMatch(html, /<[^>]+\sstyle=/);
      assert.doesNotMatch(html, /<style/);
      assert.doesNotMatch(html, /<[^>]+\son\w+=/);
      for (const [script] of html.matchAll(/<script[^>]*>[^<]*/g)) assert.match(script, /src="[^"]+">$/);
    });

    test(`/${folder} names no other origin`, () => {
      const named = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((found) => found[1]);
      const outside = named.filter((address) => /^(\w+:|\/)/.test(address));
      // A link is the reader's own step; everything that a page loads by itself is relative.
      const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map((found) => found[1]);
      assert.deepEqual(outside.filter((address) => !links.includes(address)), []);
    });
  }
});

// The built site: whole under any path, readable without script, silent towards every other origin.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { DIST, ROOT, TARGET, appRuns, builtPages, hashRoutes, launch, openPage, startSite } from "./harness.mjs";

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

describe("what is loaded late", () => {
  let site;
  before(async () => { site = await startSite(); });
  after(() => site.close());

  const CHUNK = /\/(split|chunk)_\w+-[0-9a-f]{16}\.wasm$/;
  const stageIsDrawn = (page) =>
    page.waitForFunction(() => document.querySelectorAll(".stage svg *").length >= 10, null, { timeout: 10_000 });

  test("is asked for only once the page runs, and then the panels under the stage are there", async () => {
    const page = await openPage(browser, "about:blank", { waitForApp: false });
    // The chunk waits at the door until the page was looked at.
    let letIn;
    const looked = new Promise((resolve) => { letIn = resolve; });
    const stateWhenAsked = [];
    await page.route(CHUNK, async (route) => {
      stateWhenAsked.push(await page.evaluate(() => document.documentElement.dataset.app));
      await looked;
      await route.continue();
    });
    await page.goto(`${site.address}#/tracer`);
    await appRuns(page);
    await stageIsDrawn(page);
    assert.equal(await page.locator(".stage-late > *").count(), 0, "the stage is there before the panels");
    letIn();
    await page.locator(".stage-late > *").first().waitFor();
    assert.deepEqual([...new Set(stateWhenAsked)], ["running"]);
    assertQuiet(page, site);
    await close(page);
  });

  test("may fail: the page says so and still plays, and a second attempt may do", async () => {
    const page = await openPage(browser, "about:blank", { waitForApp: false });
    await page.route(CHUNK, (route) => route.abort());
    await page.goto(`${site.address}#/tracer`);
    await appRuns(page);
    await stageIsDrawn(page);
    const notice = page.locator(".stage-late").getByRole("alert");
    await notice.waitFor();
    const place = () => page.locator(".transport-place").textContent();
    const first = await place();
    await page.locator(".transport-play").click();
    await page.waitForFunction((was) => document.querySelector(".transport-place").textContent !== was, first,
      { timeout: 10_000 });
    // The browser and the loader say what could not be fetched; nothing else went wrong.
    const other = page.diary.errors.filter((text) => !/ERR_FAILED|Failed to fetch/.test(text));
    assert.deepEqual(other, []);
    await page.unroute(CHUNK);
    await notice.getByRole("button").click();
    await page.locator(".stage-late .drawer").waitFor();
    assert.equal(await notice.count(), 0);
    await close(page);
  });
});

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
  test("name no place on the machine that they were built on", () => {
    const places = [ROOT, TARGET, process.env.CARGO_HOME ?? join(homedir(), ".cargo"), join(homedir(), ".rustup")];
    for (const entry of readdirSync(DIST, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || /\.(br|gz)$/.test(entry.name)) continue;
      const bytes = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
      for (const place of places) assert.ok(!bytes.includes(place), `${entry.name} has ${place} in it`);
    }
  });

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

// A second engine: Firefox ESR, driven over WebDriver BiDi, which it speaks by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { builtPages, programOnPath, startSite } from "./harness.mjs";

let browser, site;
before(async () => {
  site = await startSite({ base: "/in/firefox/" });
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: programOnPath("firefox-esr", "firefox"),
    headless: true,
    timeout: 120_000,
  });
});
after(async () => { await browser?.close(); await site?.close(); });

for (const folder of builtPages()) {
  test(`/${folder} starts in Firefox without a complaint`, async () => {
    const page = await browser.newPage();
    const errors = [];
    page.on("console", (message) => { if (["error", "warn"].includes(message.type())) errors.push(message.text()); });
    page.on("pageerror", (problem) => errors.push(String(problem)));
    await page.goto(site.address + (folder && `${folder}/`), { waitUntil: "load" });
    await page.waitForFunction(() => document.documentElement.dataset.app === "running", { timeout: 60_000 });
    assert.ok((await page.$eval("h1", (heading) => heading.textContent)).length > 3);
    assert.deepEqual(errors, []);
    await page.close();
  });
}

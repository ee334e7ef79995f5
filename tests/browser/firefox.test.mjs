// A second engine: Firefox ESR, driven over WebDriver BiDi, which it speaks by itself.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { ROOT, builtPages, programOnPath, startSite } from "./harness.mjs";

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

test("scene 02 plays in Firefox, from its hook into its first step", async () => {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (problem) => errors.push(String(problem)));
  // Only what is in view runs: both worlds are.
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(`${site.address}02/`, { waitUntil: "load" });
  await page.waitForFunction(() => document.documentElement.dataset.app === "running", { timeout: 60_000 });
  await page.click(".hook-controls .button.primary");
  const both = () => {
    const words = [...document.querySelectorAll(".stage-words")].map((stage) => stage.textContent);
    return /log 10 to 10.*c3: position 10/s.test(words[0]) && /log 0 to 10.*c3: position 10/s.test(words[1]);
  };
  await page.waitForFunction(both, { timeout: 60_000 });
  await page.click(".beat-controls a");
  await page.waitForSelector(".ask-controls", { timeout: 30_000 });
  await page.waitForSelector(".stage-late .drawer", { timeout: 30_000 });
  await page.click(".ask-controls .button.primary");
  await page.waitForSelector(".verdict", { timeout: 30_000 });
  assert.deepEqual(errors, []);
  await page.close();
});

test("the page about segments reads a file in Firefox, and goes to a place of it", async () => {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (problem) => errors.push(String(problem)));
  await page.goto(`${site.address}segments/`, { waitUntil: "load" });
  await page.waitForSelector(".segments-tape svg .cell-gap", { timeout: 60_000 });
  const field = await page.$("input[type=file]:not([webkitdirectory])");
  const broken = join(ROOT, "tests/fixtures/kafka-4.3.1/09-corrupted/crc-bit-flipped");
  await field.uploadFile(join(broken, "00000000000000000000.log"));
  await page.waitForFunction(() => /CRC is stored as 245a4dcf/.test(document.querySelector("main").innerText),
    { timeout: 30_000 });
  await page.click(".segments-findings button");
  await page.waitForFunction(() => /Bytes at 366/.test(document.querySelector("main").innerText), { timeout: 30_000 });
  assert.deepEqual(errors, []);
  await page.close();
});

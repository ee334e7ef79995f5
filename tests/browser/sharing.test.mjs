// Links: to a moment of the lesson, to a run of one's own, and what a damaged one still shows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const open = (address) => openPage(browser, address);
const close = async (page) => {
  assert.deepEqual(page.diary.errors, []);
  assert.deepEqual(page.diary.blocked, []);
  await page.context().close();
};
const moment = (page) => page.evaluate(() => document.querySelector(".track").getAttribute("aria-valuenow"));
const words = (page) => page.locator(".stage-words").textContent();

async function linkOf(page) {
  await page.getByRole("button", { name: "Link to this moment" }).click();
  return page.locator(".share-address").inputValue();
}

/** A run of the reader's own: one record sent at a moment of the lesson. */
async function fork() {
  const page = await open(`${site.address}#/tracer/pull`);
  await page.locator(".acts summary").click();
  await page.locator(".acts-list button", { hasText: "Send" }).first().click();
  await page.locator(".forked").waitFor();
  await page.waitForFunction(() => document.querySelector(".transport-play").textContent.trim() === "Play");
  return page;
}

test("a link to a moment of the lesson leads there", async () => {
  const page = await open(`${site.address}#/tracer/promise`);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector(".transport-play").textContent.trim() === "Play");
  const link = await linkOf(page);
  assert.match(link, /#\/tracer\/promise\?at=\d+$/);
  const other = await open(link);
  assert.equal(await moment(other), await moment(page));
  assert.equal(await words(other), await words(page));
  await close(page);
  await close(other);
});

test("a link to a run of one's own plays that run, and stands where it was made", async () => {
  const page = await fork();
  const link = await linkOf(page);
  assert.match(link, /\?run=1\./);
  const other = await open(link);
  await other.locator(".forked").waitFor();
  assert.equal(await moment(other), await moment(page));
  assert.equal(await words(other), await words(page));
  assert.equal(await other.locator(".share-notes").count(), 0);
  await other.keyboard.press("f");
  await other.locator(".forked").waitFor({ state: "detached" });
  await close(page);
  await close(other);
});

test("a link that is opened on a page that is there already is followed too", async () => {
  const page = await fork();
  const link = await linkOf(page);
  for (const from of ["#/tracer/pull", "#/tracer/caught-up"]) {
    const other = await open(site.address + from);
    await other.locator(".drawer").waitFor({ state: "attached" });
    await other.evaluate((fragment) => { location.hash = fragment; }, link.slice(link.indexOf("#")));
    await other.locator(".forked").waitFor();
    assert.equal(await words(other), await words(page), from);
    await other.evaluate(() => { location.hash = "#/tracer/promise?at=150"; });
    await other.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "150");
    await close(other);
  }
  await close(page);
});

test("of a damaged link the good part plays, and the page says what is wrong with the rest", async () => {
  const page = await fork();
  const link = await linkOf(page);
  for (const damaged of [link.slice(0, -40), link.replace(/.{9}$/, "AAAAAAAAA")]) {
    const other = await open(damaged);
    await other.locator(".share-notes li").first().waitFor();
    assert.notEqual((await other.locator(".share-notes li").first().innerText()).trim(), "");
    assert.ok(await other.locator(".forked").count() > 0, "something of it plays");
    await close(other);
  }
  const nothing = await open(link.replace(/run=.*/, "run=hello"));
  await nothing.locator(".share-notes li").first().waitFor();
  assert.equal(await nothing.locator(".forked").count(), 0, "the lesson stays");
  await close(nothing);
  await close(page);
});

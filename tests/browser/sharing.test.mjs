// Links: to a moment of the lesson, to a run of one's own, and what a damaged one still shows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { closeClean, launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const open = (address) => openPage(browser, address);
const moment = (page) => page.evaluate(() => document.querySelector(".track").getAttribute("aria-valuenow"));
// Of two runs beside each other, the reader's own is the last.
const words = (page) => page.locator(".stage-words").last().textContent();

async function linkOf(page) {
  await page.getByRole("button", { name: "Link to this moment" }).click();
  return page.locator(".share-address").inputValue();
}

/** A run of the reader's own: one record sent at a moment of the lesson. */
async function fork() {
  const page = await open(`${site.address}#/tracer/pull`);
  await page.locator(".acts summary").click();
  await page.locator(".acts-list").getByRole("button", { name: /^Send / }).first().click();
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
  await closeClean(page);
  await closeClean(other);
});

test("a link to a run of one's own plays that run, and stands where it was made", async () => {
  const page = await fork();
  const link = await linkOf(page);
  assert.match(link, /\?run=1\./);
  const other = await open(link);
  await other.locator(".compare-side").last().waitFor();
  assert.equal(await words(other), await words(page));
  assert.equal(await other.locator(".share-notes").count(), 0);
  // Beside the run that it was forked from; alone, it stands at its own event.
  await other.keyboard.press("c");
  await other.locator(".compare-both").waitFor({ state: "detached" });
  assert.equal(await moment(other), await moment(page));
  assert.equal(await words(other), await words(page));
  await other.keyboard.press("f");
  await other.locator(".forked").waitFor({ state: "detached" });
  await closeClean(page);
  await closeClean(other);
});

test("a link that is opened on a page that is there already is followed too", async () => {
  const page = await fork();
  const link = await linkOf(page);
  for (const from of ["#/tracer/pull", "#/tracer/caught-up"]) {
    const other = await open(site.address + from);
    await other.locator(".drawer").waitFor({ state: "attached" });
    await other.evaluate((fragment) => { location.hash = fragment; }, link.slice(link.indexOf("#")));
    await other.locator(".compare-side").last().waitFor();
    assert.equal(await words(other), await words(page), from);
    await other.evaluate(() => { location.hash = "#/tracer/promise?at=150"; });
    await other.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "150");
    await closeClean(other);
  }
  await closeClean(page);
});

test("of a damaged link the good part plays, and the page says what is wrong with the rest", async () => {
  const page = await fork();
  const link = await linkOf(page);
  for (const damaged of [link.slice(0, -40), link.replace(/.{9}$/, "AAAAAAAAA")]) {
    const other = await open(damaged);
    await other.locator(".share-notes li").first().waitFor();
    assert.notEqual((await other.locator(".share-notes li").first().innerText()).trim(), "");
    assert.ok(await other.locator(".forked").count() > 0, "something of it plays");
    await closeClean(other);
  }
  const nothing = await open(link.replace(/run=.*/, "run=hello"));
  await nothing.locator(".share-notes li").first().waitFor();
  assert.equal(await nothing.locator(".forked").count(), 0, "the lesson stays");
  await closeClean(nothing);
  await closeClean(page);
});

/** CRC-32C, as links have it. */
function crc32c(text) {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

test("a link of another engine says up to where the two are the same", async () => {
  const lines = ["version 1", "seed 1", "cluster brokers=1", "producer p1", "send p1 key=a value=1", "wait 20"];
  let text = `at 5 00000000000000ff\n${lines.join("\n")}\n`;
  text += `#${(crc32c(text) & 0xffff).toString(16).padStart(4, "0")} beef\n`;
  const link = `1.${crc32c(text).toString(16).padStart(8, "0")}.t${Buffer.from(text).toString("base64url")}`;
  const page = await open(`${site.address}#/02/queue?run=${link}`);
  const said = await page.locator(".share-notes").innerText();
  assert.match(said, /another version of the lab\. Up to event 0 .* by event \d+ it does not/);
  await closeClean(page);
});

test("many damaged links on one page: each has an answer, and the page plays on", async () => {
  const made = await fork();
  const link = await linkOf(made);
  await closeClean(made);
  const [, run] = link.split("?run=");
  const page = await open(`${site.address}#/tracer/pull`);
  await page.locator(".share").waitFor();
  const answers = await page.evaluate(async (run) => {
    const letters = "abcXYZ019-_.%";
    // A generator of our own, so that a failure can be had again.
    let seed = 7;
    const below = (bound) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % bound; };
    const settled = () => new Promise((resolve) => { setTimeout(resolve, 0); });
    let answered = 0;
    for (let trial = 0; trial < 500; trial += 1) {
      const damaged = [...run];
      for (let hit = 0; hit <= below(3); hit += 1) damaged[below(damaged.length)] = letters[below(letters.length)];
      if (below(4) === 0) damaged.length = below(damaged.length);
      if (damaged.join("") === run) { answered += 1; continue; }
      location.hash = `#/tracer/pull?run=${encodeURIComponent(damaged.join(""))}`;
      await settled();
      await settled();
      if (document.querySelector(".share-notes li, .forked")) answered += 1;
    }
    return answered;
  }, run);
  assert.equal(answers, 500);
  assert.equal(await page.locator("#panic").count(), 0);
  await page.goto(`${site.address}#/tracer/pull`);
  await page.keyboard.press("ArrowRight");
  await closeClean(page);
});

test("should the lab itself fail, a calm notice has the link that plays the same run again", async () => {
  const page = await fork();
  const own = await page.locator(".forked").innerText();
  // The document refuses, as none does: what the app then does is a panic.
  await page.evaluate(() => {
    const create = Document.prototype.createTextNode;
    Document.prototype.createTextNode = () => {
      Document.prototype.createTextNode = create;
      throw new Error("refused");
    };
  });
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  const notice = page.getByRole("alert").filter({ hasText: "The lab has stopped" });
  await notice.waitFor();
  await notice.getByRole("link").click();
  await page.waitForFunction(() => !document.querySelector("#panic") && document.querySelector(".forked"));
  const difference = (text) => text.slice(text.indexOf("The first difference."));
  assert.equal(difference(await page.locator(".forked").innerText()), difference(own));
  assert.equal(await page.locator(".share-notes").count(), 0);
  await page.context().close();
});

// Two runs beside each other, in step by virtual time; and the space-time diagram. By mouse, keys and touch.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { THEMES, axeFindsNothing, closeClean, launch, openPage, startSite } from "./harness.mjs";


let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const text = (page, selector) => page.locator(selector).innerText();
const place = (page) => page.locator(".track").getAttribute("aria-valuetext");
const stands = (page) => page.waitForFunction(() => {
  const play = document.querySelector(".transport-play");
  return play && play.textContent.trim() === "Play";
});
const twice = (page) => page.waitForFunction(() => document.querySelectorAll(".compare-side .stage-svg").length === 4);
const keysOf = (page, side, selector) => page.evaluate(([side, selector]) =>
  [...document.querySelectorAll(".compare-side")[side].querySelectorAll(`[data-key^="${selector}"]`)]
    .map((node) => node.dataset.key), [side, selector]);

/** A run of the reader's own: one record more, sent at a moment of the lesson. */
async function fork(options = {}) {
  const page = await openPage(browser, `${site.address}#/tracer/pull`, { reducedMotion: true, ...options });
  await page.locator(".acts summary").click();
  await page.locator(".acts-list").getByRole("button", { name: /^Send / }).first().click();
  await page.locator(".forked").waitFor();
  await stands(page);
  return page;
}

async function compared(options) {
  const page = await fork(options);
  await page.getByRole("button", { name: "Compare both runs" }).click();
  await twice(page);
  return page;
}

test("the key C goes into comparing and out of it, and the run stays where it was", async () => {
  const page = await fork();
  const before = await page.locator(".stage-words").textContent();
  await page.keyboard.press("c");
  await twice(page);
  assert.match(await text(page, ".compare-first"), /^First difference at \d+\.\d{3} s\. A: .+ B: .+/);
  assert.match(await place(page), /^\d+\.\d{3} s · events \d+ \| \d+/);
  assert.equal(await page.locator(".compare-side .stage-words").last().textContent(), before);
  await page.keyboard.press("c");
  await page.locator(".compare-both").waitFor({ state: "detached" });
  assert.equal(await page.locator(".stage-words").textContent(), before);
  await closeClean(page);
});

test("without two runs the key does nothing", async () => {
  const page = await openPage(browser, `${site.address}#/tracer/pull`);
  await page.locator(".drawer").waitFor({ state: "attached" });
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator(".compare-both").count(), 0);
  assert.equal(await page.getByRole("tab", { name: "Differences" }).count(), 0);
  await closeClean(page);
});

test("both stand at one virtual time, step for step, and show what the other does not have", async () => {
  const page = await compared();
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelector('.compare-side [data-key^="beside/"]'));
  const times = await page.evaluate(() =>
    [...document.querySelectorAll(".compare-side .stage-words")].map((words) => words.textContent.split("\n")[0]));
  assert.equal(times[0], times[1]);
  const [left, right] = [await keysOf(page, 0, "beside/"), await keysOf(page, 1, "beside/")];
  assert.ok(left.some((key) => /^beside\/b1\/\d+$/.test(key)), left.join(" "));
  assert.ok(right.some((key) => /^beside\/b1\/\d+$/.test(key)), right.join(" "));
  const rows = await page.locator(".compare-rows tbody tr").allInnerTexts();
  assert.ok(rows.some((row) => /offset \d+/.test(row)), rows.join("\n"));
  // Back at the fork nothing differs.
  await page.keyboard.press("Home");
  await page.getByText("At this moment both show the same.").waitFor({ state: "attached" });
  assert.deepEqual(await keysOf(page, 1, "beside/"), []);
  await closeClean(page);
});

test("one step of the transport is one step of both; the next difference is sought in both", async () => {
  const page = await compared();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Next difference" }).click();
  const [, at] = (await text(page, ".compare-first")).match(/First difference at (\S+ s)/);
  assert.ok((await place(page)).startsWith(at), `${await place(page)}, the first difference is at ${at}`);
  const first = await place(page);
  await page.getByRole("button", { name: "Next difference" }).click();
  assert.notEqual(await place(page), first);
  await page.getByRole("button", { name: "Previous difference" }).click();
  assert.equal(await place(page), first);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await closeClean(page);
});

test("a run that plays is played on both sides to the end", async () => {
  const page = await compared({ reducedMotion: false });
  await page.locator(".transport-select").first().selectOption({ label: "4×" });
  await page.locator(".transport-play").click();
  await page.waitForFunction(() => document.querySelector(".transport-play").textContent.trim() === "Pause");
  await page.waitForFunction(() => {
    const track = document.querySelector(".track");
    return track.getAttribute("aria-valuenow") === track.getAttribute("aria-valuemax");
  }, null, { timeout: 60_000 });
  await stands(page);
  // The drawer tells of the reader's run, at the same moment.
  const [, , right] = (await place(page)).match(/events (\d+) \| (\d+)/);
  await page.keyboard.press("c");
  await page.locator(".compare-both").waitFor({ state: "detached" });
  assert.equal(await page.locator(".track").getAttribute("aria-valuenow"), right);
  await closeClean(page);
});

test("the drawer lists the differences; one that is chosen is sought in both, and shows both", async () => {
  const page = await fork();
  await page.getByRole("tab", { name: "Differences" }).click();
  const items = page.locator(".compare-difference");
  assert.ok(await items.count() > 3);
  const time = await items.nth(2).locator(".story-time").innerText();
  await items.nth(2).click();
  await twice(page);
  assert.ok((await place(page)).startsWith(time), `${await place(page)}, chosen was ${time}`);
  await items.first().focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((time) => document.querySelector(".track").getAttribute("aria-valuetext").startsWith(time),
    await items.first().locator(".story-time").innerText());
  await closeClean(page);
});

test("another act makes another run, and it is compared too; back to the lesson leaves", async () => {
  const page = await compared();
  const before = await text(page, ".compare-first");
  // Before the fork something else is done, which shows first.
  await page.keyboard.press("Home");
  for (let steps = 0; steps < 12; steps += 1) await page.keyboard.press("ArrowRight");
  await page.locator(".acts-list").getByRole("button", { name: /^Let c1 poll/ }).click();
  await page.waitForFunction((before) => document.querySelector(".compare-first").innerText !== before, before);
  await twice(page);
  await stands(page);
  assert.match(await text(page, ".forked"), /Your own run, from event \d+/);
  await page.keyboard.press("f");
  await page.locator(".compare-both").waitFor({ state: "detached" });
  assert.equal(await page.locator(".forked").count(), 0);
  assert.equal(await page.locator(".stage-top .stage").count(), 1);
  await closeClean(page);
});

test("a link to a fork opens both runs, at the same moment, and one alone leads on from there", async () => {
  const page = await compared();
  await page.keyboard.press("End");
  for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press("ArrowLeft");
  const stood = await place(page);
  await page.getByRole("button", { name: "Link to this moment" }).click();
  const link = await page.locator(".share-address").inputValue();
  const other = await openPage(browser, link, { reducedMotion: true });
  await twice(other);
  assert.equal(await place(other), stood);
  assert.equal(await text(other, ".compare-first"), await text(page, ".compare-first"));
  assert.equal(await other.locator(".share-notes").count(), 0);
  assert.match(await text(other, ".forked"), /Your own run, from event \d+/);
  await other.getByRole("button", { name: "Stop comparing" }).click();
  await other.locator(".compare-both").waitFor({ state: "detached" });
  await other.keyboard.press("f");
  await other.locator(".forked").waitFor({ state: "detached" });
  // Cut, it plays what is whole and says what is not.
  const cut = await openPage(browser, link.slice(0, -20), { reducedMotion: true });
  await cut.locator(".share-notes li").first().waitFor();
  assert.ok(await cut.locator(".forked").count() > 0);
  for (const opened of [page, other, cut]) await closeClean(opened);
});

test("a hook's two worlds are compared, and left again", async () => {
  const page = await openPage(browser, `${site.address}#/02`, { reducedMotion: true });
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await twice(page);
  assert.match(await text(page, ".compare-first"), /^First difference at/);
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelectorAll(".compare-rows tbody tr").length > 0);
  await page.locator(".compare-difference").first().click();
  await page.keyboard.press("c");
  await page.locator(".compare-both").waitFor({ state: "detached" });
  assert.equal(await page.locator(".hook-world").count(), 2);
  await closeClean(page);
});

test("on a phone it is A, B or the difference, one at a time, by touch", async () => {
  const page = await fork({ width: 390 });
  await page.getByRole("button", { name: "Compare both runs" }).tap();
  await page.waitForFunction(() => document.querySelectorAll(".compare-side").length === 2);
  const seen = () => page.evaluate(() => [...document.querySelectorAll(".compare-side, .compare-now")]
    .map((part) => part.getBoundingClientRect().height > 40));
  assert.deepEqual(await seen(), [false, true, false]);
  for (const [name, expected] of [["A", [true, false, false]], ["Difference", [false, false, true]]]) {
    await page.locator(".compare-choice").getByRole("button", { name, exact: true }).tap();
    assert.deepEqual(await seen(), expected, name);
  }
  await page.locator(".compare-choice").getByRole("button", { name: "A", exact: true }).tap();
  await page.waitForFunction(() => document.querySelector('.compare-side.shown [data-key^="cell/"]'));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  assert.ok(wide, "the page does not scroll sideways");
  await closeClean(page);
});

const things = (page) => page.locator(".spacetime-svg [role=button]");

async function diagram(options) {
  const page = await openPage(browser, `${site.address}#/tracer/pull`, { reducedMotion: true, ...options });
  if (options?.width === 390) await page.locator(".drawer-open").click();
  await page.getByRole("tab", { name: "Space-time" }).click();
  await things(page).first().waitFor();
  return page;
}

test("the diagram tells what has happened, grows with the run and shows where the stage stands", async () => {
  const page = await diagram();
  const names = await page.locator(".spacetime-names li").allInnerTexts();
  assert.deepEqual(names, ["producer p1", "broker 1", "broker 2", "consumer c1", "consumer c2"]);
  const count = await things(page).count();
  const now = await page.locator(".spacetime-svg .now").getAttribute("d");
  await page.keyboard.press("Escape");
  await page.locator(".track").focus();
  for (let steps = 0; steps < 6; steps += 1) await page.keyboard.press("ArrowRight");
  await page.waitForFunction((now) => document.querySelector(".spacetime-svg .now").getAttribute("d") !== now, now);
  assert.ok(await things(page).count() > count);
  // What was seen stays; the line goes back.
  const grown = await things(page).count();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await things(page).count(), grown);
  await page.getByLabel("Routine events too").check();
  await page.waitForFunction((grown) =>
    document.querySelectorAll(".spacetime-svg [role=button]").length > grown, grown);
  await closeClean(page);
});

test("a message that is clicked is where the stage goes, its chain lights up, and Why tells it", async () => {
  const page = await diagram();
  const message = page.locator(".spacetime-svg .message").last();
  const label = await message.getAttribute("aria-label");
  await message.locator(".hit").dispatchEvent("click");
  await page.waitForFunction(() => document.querySelector(".spacetime-svg [aria-current]"));
  const [, sent] = label.match(/sent at ([\d.]+ s)/);
  assert.equal(await page.locator(".spacetime-svg [aria-current]").first().getAttribute("aria-label"), label);
  assert.ok(await page.locator(".spacetime-svg .in-chain").count() > 1);
  assert.ok((await place(page)).startsWith(sent), `${await place(page)}, ${label}`);
  const said = await page.locator(".spacetime-said > span").innerText();
  await page.getByRole("button", { name: "Why?" }).click();
  assert.ok((await page.locator(".chain .event-link").first().innerText()).includes(said));
  await closeClean(page);
});

test("by keys: from thing to thing, there, and out again", async () => {
  const page = await diagram();
  const focused = () => page.evaluate(() => document.activeElement.dataset.key ?? "");
  await page.locator(".spacetime-svg [tabindex='0']").focus();
  const newest = await focused();
  await page.keyboard.press("ArrowLeft");
  const before = await focused();
  assert.notEqual(before, newest);
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await focused(), before);
  await page.keyboard.press("Home");
  const stood = await place(page);
  await page.keyboard.press("Enter");
  assert.notEqual(await place(page), stood);
  assert.equal(await page.locator(".spacetime-svg [aria-current]").first().getAttribute("data-key"), await focused());
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "");
  await closeClean(page);
});

test("in words it says the same", async () => {
  const page = await diagram();
  await page.getByText("In words").click();
  await page.waitForFunction(() => document.querySelector(".spacetime-told").textContent !== "");
  const told = await page.locator(".spacetime-told").innerText();
  assert.match(told, /^Between producer p1, broker 1, broker 2, consumer c1, consumer c2\./);
  for (const label of await page.locator(".spacetime-svg .message").evaluateAll((all) =>
    all.map((one) => one.getAttribute("aria-label")))) assert.ok(told.includes(label), label);
  await closeClean(page);
});

test("a long run has few nodes, and its beginning can be looked at", async () => {
  const page = await openPage(browser, `${site.address}#/sandbox`, { reducedMotion: true });
  await page.locator(".drawer").waitFor();
  await page.getByRole("tab", { name: "Script" }).click();
  await page.getByRole("button", { name: "Change the text" }).click();
  const lines = ["version 1", "seed 1", "cluster brokers=2", "producer p1 acks=all linger.ms=5",
    "consumer c1 poll=loop"];
  for (let n = 0; n < 400; n += 1) lines.push(`send p1 key=ada value=+${n}`, "wait 100");
  await page.locator(".script-text").fill(lines.join("\n"));
  await page.getByRole("button", { name: "Play this text" }).click();
  await page.keyboard.press("Escape");
  await page.locator(".track").focus();
  await page.keyboard.press("End");
  assert.ok(Number(await page.locator(".track").getAttribute("aria-valuemax")) > 8_000);
  await page.getByRole("tab", { name: "Space-time" }).click();
  await things(page).first().waitFor();
  const nodes = await page.evaluate(() => document.querySelector(".spacetime-svg").querySelectorAll("*").length);
  assert.ok(nodes > 100 && nodes < 1_500, `${nodes} nodes`);
  const first = await things(page).first().getAttribute("data-key");
  await page.getByRole("button", { name: "Earlier" }).click();
  await page.waitForFunction((first) =>
    document.querySelector(".spacetime-svg [role=button]").dataset.key !== first, first);
  await closeClean(page);
});

test("on a phone time goes down, and a tap chooses", async () => {
  const page = await diagram({ width: 390 });
  const size = await page.locator(".spacetime-svg").boundingBox();
  assert.ok(size.height > size.width && size.width <= 390, JSON.stringify(size));
  const stood = await place(page);
  await page.locator(".spacetime-svg .event .hit").first().tap();
  assert.notEqual(await place(page), stood);
  await closeClean(page);
});

for (const theme of THEMES) {
  for (const width of [390, 1440]) {
    test(`axe finds nothing on both panels, ${theme}, ${width}`, async () => {
      const page = await compared({ theme, width });
      await page.keyboard.press("End");
      await axeFindsNothing(page, "compare");
      if (width === 390) await page.locator(".drawer-open").click();
      await page.getByRole("tab", { name: "Differences" }).click();
      await axeFindsNothing(page, "differences");
      await page.getByRole("tab", { name: "Space-time" }).click();
      await things(page).first().waitFor();
      await page.getByText("In words").click();
      await axeFindsNothing(page, "space-time");
      await page.context().close();
    });
  }
}

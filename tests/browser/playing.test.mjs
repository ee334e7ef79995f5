// The stage and its transport in the built site: play, step, scrub, fork, by mouse, by touch and by keys alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { closeClean, launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const ROUTE = "#/tracer";

/** Where the page stands: { moment, end, playing, words }. */
const state = (page) => page.evaluate(() => {
  const track = document.querySelector(".track");
  return {
    moment: Number(track.ariaValueNow ?? track.getAttribute("aria-valuenow")),
    end: Number(track.getAttribute("aria-valuemax")),
    playing: document.querySelector(".transport-play").textContent.trim() === "Pause",
    words: document.querySelector(".stage-words").textContent,
  };
});

/** Every shape by its key, with the place it was put at. */
const picture = (page) => page.evaluate(() => Object.fromEntries(
  [...document.querySelectorAll("[data-key]")].map((shape) => {
    const { e, f } = shape.transform.baseVal[0].matrix;
    return [shape.dataset.key, `${e.toFixed(1)} ${f.toFixed(1)} ${shape.textContent}`];
  })));

/** The page with its stage, paused at the beginning. */
async function open(options = {}) {
  const page = await openPage(browser, site.address + ROUTE, { width: 1440, ...options });
  await page.waitForSelector('.stage-svg [data-key^="name/"], .stage-svg [data-key="columns"], .stage-svg');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("Home");
  await page.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "0");
  return page;
}

const atRest = (page) => page.waitForTimeout(700);

test("playing goes on by itself to the end, and pauses there", async () => {
  const page = await open();
  await page.locator(".transport-play").click();
  assert.equal((await state(page)).playing, true);
  await page.locator(".transport-select").first().selectOption({ label: "4\u00d7" });
  await page.waitForFunction(() => {
    const track = document.querySelector(".track");
    return track.getAttribute("aria-valuenow") === track.getAttribute("aria-valuemax");
  }, undefined, { timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector(".transport-play").textContent.trim() === "Play");
  assert.ok((await state(page)).end > 20);
  await closeClean(page);
});

test("something moves while it plays, and nothing while it is paused", async () => {
  const page = await open();
  const moved = async () => {
    const before = JSON.stringify(await picture(page));
    await page.waitForTimeout(120);
    return before !== JSON.stringify(await picture(page));
  };
  await page.locator(".transport-play").click();
  let seen = 0;
  for (let n = 0; n < 20; n += 1) seen += await moved() ? 1 : 0;
  assert.ok(seen >= 8, `${seen} of 20 looks saw a move`);
  await page.locator(".transport-play").click();
  await atRest(page);
  assert.equal(await moved(), false);
  await closeClean(page);
});

test("steps forward and back come to the same pictures", async () => {
  const page = await open();
  const seen = [];
  for (let n = 0; n < 8; n += 1) {
    seen.push({ ...(await state(page)), picture: await picture(page) });
    await page.locator(".transport-step").click();
    await atRest(page);
  }
  assert.equal(new Set(seen.map(({ moment }) => moment)).size, 8);
  for (const before of seen.toReversed()) {
    await page.locator(".transport-back").click();
    await page.waitForTimeout(100);
    const now = await state(page);
    assert.equal(now.moment, before.moment);
    assert.equal(now.words, before.words);
    assert.deepEqual(Object.keys(await picture(page)).sort(), Object.keys(before.picture).sort());
  }
  await closeClean(page);
});

test("the track is dragged, and seeking never animates", async () => {
  const page = await open();
  const box = await page.locator(".track").boundingBox();
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + 2, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, middle, { steps: 5 });
  await page.waitForTimeout(60);
  const held = await picture(page);
  const there = await state(page);
  await page.waitForTimeout(400);
  assert.deepEqual(await picture(page), held);
  assert.ok(there.moment > 0.4 * there.end && there.moment < 0.8 * there.end, JSON.stringify(there.moment));
  await page.mouse.move(box.x - 50, middle);
  await page.mouse.up();
  assert.equal((await state(page)).moment, 0);
  await closeClean(page);
});

describe("by keys alone", () => {
  test("space, arrows, Home and End, brackets, F", async () => {
    const page = await open();
    await page.keyboard.press("ArrowRight");
    await atRest(page);
    const one = await state(page);
    assert.ok(one.moment > 0);
    await page.keyboard.press("ArrowLeft");
    assert.equal((await state(page)).moment, 0);
    await page.keyboard.press("End");
    const last = await state(page);
    assert.equal(last.moment, last.end);
    await page.keyboard.press("[");
    const before = await state(page);
    assert.ok(before.moment < last.end);
    await page.keyboard.press("]");
    assert.ok((await state(page)).moment >= before.moment);
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    assert.equal((await state(page)).playing, true);
    await page.keyboard.press("Space");
    assert.equal((await state(page)).playing, false);
    await page.keyboard.press("End");
    await page.keyboard.press("f");
    const back = page.getByRole("button", { name: "Back to the lesson" });
    await back.waitFor();
    assert.equal(await back.count(), 1, "one way back");
    assert.equal(await page.locator(".transport-fork").getAttribute("aria-disabled"), "true");
    assert.match(await page.locator(".transport-place").textContent(), /yours from event \d+/);
    await page.keyboard.press("f");
    await back.waitFor({ state: "detached" });
    assert.equal(await page.locator(".transport-fork").getAttribute("aria-disabled"), "false");
    await closeClean(page);
  });

  test("every thing on the stage is reached and chosen", async () => {
    const page = await open();
    await page.keyboard.press("End");
    await page.waitForSelector('[data-key="cell/b1/0"]');
    const stops = await page.locator('.stage-svg [tabindex="0"]').count();
    assert.equal(stops, 1, "Tab reaches the stage once");
    await page.locator('.stage-svg [tabindex="0"]').focus();
    const focused = () => page.evaluate(() => document.activeElement.dataset.key);
    assert.match(await focused(), /^cell\/b1\//);
    const start = await state(page);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    assert.match(await focused(), /^(cell|batch|high-watermark|log-end)\/b2/);
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".shape.is-selected").count(), 1);
    assert.equal((await state(page)).moment, start.moment, "arrows on the stage do not play");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowLeft");
    assert.ok((await state(page)).moment < start.moment, "after Escape they do");
    await closeClean(page);
  });
});

test("a click chooses a record, a click beside it lets it go", async () => {
  const page = await open();
  await page.keyboard.press("End");
  await page.locator('[data-key="cell/b1/0"]').click();
  assert.equal(await page.locator('[data-key="cell/b1/0"].is-selected').count(), 1);
  await closeClean(page);
});

test("with reduced motion a step is at once", async () => {
  const page = await open({ reducedMotion: true });
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.waitForTimeout(60);
  const before = await picture(page);
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(60);
  const after = await picture(page);
  await page.waitForTimeout(400);
  assert.deepEqual(await picture(page), after);
  assert.notDeepEqual(before, after);
  await closeClean(page);
});

describe("on a phone", () => {
  test("the buttons are large, stay at the bottom, and work by touch", async () => {
    const page = await open({ width: 390 });
    for (const name of ["play", "back", "step", "more"]) {
      const box = await page.locator(`.transport-${name}`).boundingBox();
      assert.ok(box.height >= 44 && box.width >= 44, `${name}: ${box.width} by ${box.height}`);
      assert.ok(box.y + box.height > 780 && box.y + box.height <= 844, `${name} ends at ${box.y + box.height}`);
    }
    await page.locator(".transport-step").tap();
    await atRest(page);
    assert.ok((await state(page)).moment > 0);
    const box = await page.locator(".track").boundingBox();
    await page.touchscreen.tap(box.x + box.width * 0.8, box.y + box.height / 2);
    const { moment, end } = await state(page);
    assert.ok(moment > end * 0.6, `${moment} of ${end}`);
    await closeClean(page);
  });

  test("no text on the stage is under 12 px, no tape over 90 px, and the page does not scroll sideways", async () => {
    const page = await open({ width: 390 });
    await page.keyboard.press("End");
    await page.waitForSelector('[data-key="name/b2"]', { state: "attached" });
    const { smallest, wide } = await page.evaluate(() => ({
      smallest: Math.min(...[...document.querySelectorAll(".stage-svg text")]
        .map((text) => parseFloat(getComputedStyle(text).fontSize))),
      wide: document.documentElement.scrollWidth - window.innerWidth,
    }));
    assert.ok(smallest >= 12, `${smallest} px`);
    assert.ok(wide <= 0, `${wide} px too wide`);
    const tops = await page.evaluate(() => ["b1", "b2"].map((id) =>
      document.querySelector(`[data-key="name/${id}"]`).transform.baseVal[0].matrix.f));
    assert.ok(tops[1] - tops[0] <= 90, `${tops}`);
    await closeClean(page);
  });
});

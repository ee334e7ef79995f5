// What a frame costs while 1,000 records move, and while a long run of three brokers plays: main-thread work, and late
// frames beside an empty page in the same run.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { share, watchFrames } from "./frames.mjs";
import { launch, openPage, startSite } from "./harness.mjs";

const RECORDS = 1000;
const EVENTS = 10_000;
const COLUMNS = 20;
const SECONDS = 6;
const WORK_MOST_MS = 8;
const LATE_MORE_MOST = 0.01;
const SIZE = { width: 1440, height: 900 };

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

/** A page that draws nothing but asks for every frame. */
async function emptyPage() {
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  await page.setContent("<!doctype html><title>empty</title><p>0</p>");
  await page.evaluate(() => {
    const turn = () => requestAnimationFrame(turn);
    turn();
  });
  return page;
}

/** A page on which the app's function of this name was called. */
async function pageOf(name, ...args) {
  const page = await openPage(browser, `${site.address}#/`);
  await page.setViewportSize(SIZE);
  const glue = page.diary.requests.find((address) => /kafka-lab-web-[0-9a-f]+\.js$/.test(address));
  assert.ok(glue, page.diary.requests.join("\n"));
  await page.evaluate(async ([address, wanted, words]) => {
    const lab = await import(address);
    lab[wanted](...words);
  }, [glue, name, args]);
  return page;
}

/** The stage, with every record on its way. */
async function movingPage() {
  const page = await pageOf("measure_moving_records", RECORDS, COLUMNS);
  await page.waitForSelector('[data-key^="cell/"]');
  await page.waitForTimeout(1500);
  const cells = await page.locator('[data-key^="cell/"]').count();
  assert.ok(cells >= RECORDS, `${cells} records stand on the stage`);
  const looks = await page.evaluate(async () => {
    const canvas = document.querySelector(".stage-crowd");
    const seen = new Set();
    for (let look = 0; look < 8; look += 1) {
      await new Promise((done) => setTimeout(done, 70));
      seen.add(canvas.toDataURL());
    }
    return seen.size;
  });
  assert.ok(looks >= 4, `${looks} of 8 looks differ`);
  return page;
}

test(`${RECORDS} records moving`, async (t) => {
  const empty = await emptyPage();
  const still = await watchFrames(browser, empty, SECONDS);
  await empty.context().close();
  const page = await movingPage();
  const moving = await watchFrames(browser, page, SECONDS);
  await page.context().close();
  const p99 = share(moving.workMs, 0.99);
  t.diagnostic(`empty page: ${still.frames} frames, p99 ${share(still.workMs, 0.99).toFixed(2)} ms, ` +
    `late ${(still.lateShare * 100).toFixed(1)} %`);
  t.diagnostic(`${RECORDS} records: ${moving.frames} frames, median ${share(moving.workMs, 0.5).toFixed(2)} ms, ` +
    `p99 ${p99.toFixed(2)} ms, late ${(moving.lateShare * 100).toFixed(1)} %`);
  assert.ok(moving.frames > SECONDS * 20, `${moving.frames} frames`);
  assert.ok(p99 < WORK_MOST_MS, `p99 ${p99} ms`);
  assert.ok(moving.lateShare <= still.lateShare + LATE_MORE_MOST, `${moving.lateShare} against ${still.lateShare}`);
});

test(`three brokers in the middle of a run of ${EVENTS} events`, async (t) => {
  const page = await pageOf("measure_long_run", EVENTS);
  await page.waitForSelector('[data-key="name/b3"]');
  await page.waitForTimeout(1500);
  const words = () => page.locator('[data-key="log-end/b1"]').getAttribute("aria-label");
  const before = await words();
  const playing = await watchFrames(browser, page, SECONDS);
  assert.notEqual(await words(), before, "the log has grown meanwhile");
  await page.context().close();
  const p99 = share(playing.workMs, 0.99);
  const median = share(playing.workMs, 0.5);
  t.diagnostic(`${playing.frames} frames, median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ` +
    `late ${(playing.lateShare * 100).toFixed(1)} %`);
  assert.ok(playing.frames > SECONDS * 20, `${playing.frames} frames`);
  assert.ok(p99 < WORK_MOST_MS, `p99 ${p99} ms`);
});

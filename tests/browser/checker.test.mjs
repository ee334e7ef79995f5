// "Break my settings": a question, searched in the worker, its answer, the run on the stage.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SIZES, THEMES, axeFindsNothing, closeClean, launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const link = (knobs) => `#/checker?${Object.entries(knobs).map(([name, value]) => `${name}=${value}`).join("&")}`;
/** Small enough to be looked at whole, and nothing is lost. */
const SAFE = { "replication.factor": 2, "min.insync.replicas": 2, "power.loss": false };

/** Opens the page; the form is there. */
async function open(route = "#/checker", options = {}) {
  const page = await openPage(browser, site.address + route, options);
  await page.getByRole("button", { name: "Search", exact: true }).waitFor();
  return page;
}

const search = (page) => page.getByRole("button", { name: "Search", exact: true }).click();
const answer = (page) => page.locator(".checker-answer");
const headline = async (page) => {
  await answer(page).locator("h2").waitFor({ timeout: 60_000 });
  return answer(page).locator("h2").innerText();
};
/** Everything has been said: what would have saved it, whether it stops. */
const isDone = (page) => page.getByRole("button", { name: "Cancel" }).waitFor({ state: "detached", timeout: 120_000 });
const knob = (page, name, value) => page.locator(`input[name="knob.${name}"][value="${value}"]`);
const progress = (page) => page.locator(".checker-form .checker-progress");

test("the question that the page begins with is answered with a run that plays", async () => {
  const page = await open();
  await search(page);
  const said = await headline(page);
  const [, record, faults, steps] =
    said.match(/^Record (m\d) was acknowledged and is lost: (\d+) faults?, (\d+) steps/) ?? [];
  assert.ok(record, said);
  assert.match(await answer(page).innerText(), /Nothing cheaper among [\d,]+ states/);
  const run = page.locator(".checker-part .checker-run, .checker-answer > .checker-run").first();
  assert.equal(await run.locator("li").count(), Number(steps));
  assert.equal(await run.locator("li.fault").count(), Number(faults));
  assert.equal(await run.locator(".step-sign", { hasText: "promised" }).count(), 1, "the moment of acknowledgement");
  assert.equal(await run.locator(".no-return").count(), 1);
  assert.equal(await page.locator(".stage-column .cell-lost").count(), 0, "nothing is lost before it is played");
  await page.getByRole("button", { name: "Play it on the stage" }).click();
  await page.locator(".stage-column").getByRole("button", { name: "Pause" }).waitFor();
  await page.keyboard.press("End");
  await page.locator(".stage-column .lost-word").waitFor();
  await isDone(page);
  await closeClean(page);
});

test("while no run is on it the stage shows the settings", async () => {
  const page = await open();
  const stands = (words) => page.waitForFunction((wanted) =>
    document.querySelector(".stage-words").textContent.includes(wanted), words);
  await stands("ISR {1, 2, 3}, min 2");
  await knob(page, "replication.factor", "2").check();
  await knob(page, "min.insync.replicas", "1").check();
  await stands("ISR {1, 2}, min 1");
  await search(page);
  await page.getByRole("button", { name: "Play it on the stage" }).click();
  await page.keyboard.press("End");
  await page.locator(".stage-column .lost-word").waitFor();
  await knob(page, "replication.factor", "3").check();
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  assert.equal(await page.locator(".stage-column .lost-word").count(), 1, "the run stays");
  await page.locator(".stage-column").getByRole("button", { name: "Back to where it began" }).click();
  await stands("ISR {1, 2, 3}, min 1");
  await closeClean(page);
});

test("what would have saved it is the answer to the turned question", async () => {
  const page = await open();
  await search(page);
  await headline(page);
  await isDone(page);
  const saved = page.locator(".checker-turns .saved").first();
  const steps = await page.locator(".checker-answer > .checker-run > li").count();
  const guards = await page.locator(".checker-turns .turn-no").allInnerTexts();
  const kept = page.locator(".checker-turns").first().locator("li");
  assert.equal(guards.length, await kept.count(), "each that saves it has a step that says no");
  for (const said of guards) {
    const step = Number(said.match(/^At step (\d+) .+\.$/)?.[1]);
    assert.ok(step >= 1 && step <= steps, said);
  }
  assert.equal(await kept.count(), await page.locator(".checker-turns").first().locator(".saved").count());
  const faults = (await saved.innerText()).match(/no loss within (\d+) fault/)[1];
  await saved.getByRole("button", { name: /Ask this/ }).click();
  await answer(page).waitFor({ state: "detached" }).catch(() => {});
  await headline(page);
  const said = await headline(page);
  const cost = said.match(/: (\d+) fault/)?.[1] ?? Infinity;
  assert.ok(Number(cost) > Number(faults), said);
  await closeClean(page);
});

test("without one of its faults the same question is put again, and can be asked", async () => {
  // A false alarm does it, and so does a crash.
  const page = await open(link({ acks: 1, "power.loss": false }));
  await search(page);
  await headline(page);
  await isDone(page);
  const without = page.locator(".checker-turns").last().locator("li");
  const said = await without.first().innerText();
  const [, cost] = said.match(/^without a working broker taken for dead\s+still: (1 fault, \d+ steps)/) ?? [];
  assert.ok(cost, said);
  await without.first().getByRole("button", { name: /Ask this/ }).click();
  await page.locator(".checker-answer h2", { hasText: cost }).waitFor();
  assert.ok(await knob(page, "without", "fence").isChecked(), "the form says what is left out");
  assert.match(await answer(page).innerText(), /Bounds: .*4 leader epochs, no working brokers taken for dead\./);
  const faults = await page.locator(".checker-answer > .checker-run .fault").allInnerTexts();
  assert.ok(faults.length > 0 && !faults.some((fault) => fault.includes("though it works")), String(faults));
  await page.getByRole("button", { name: "Link to this question" }).click();
  const other = await openPage(browser, await page.getByLabel("The link").inputValue());
  await knob(other, "without", "fence").waitFor({ state: "attached" });
  assert.ok(await knob(other, "without", "fence").isChecked());
  assert.equal(await knob(other, "without", "crash").isChecked(), false);
  await closeClean(other);
  await closeClean(page);
});

test("without a run the answer is the number of states that were seen", async () => {
  const page = await open(link(SAFE));
  await search(page);
  assert.equal(await headline(page), "No acknowledged record is lost within these bounds.");
  const text = await answer(page).innerText();
  const [, seen] = text.match(/All ([\d,]+) states were looked at\. Bounds: 3 faults, 1 record, 4 leader epochs/);
  await answer(page).locator("summary", { hasText: "States that were looked at" }).click();
  const rows = await page.locator(".checker-levels td").allInnerTexts();
  const numbers = rows.flatMap((row) => row.split("\u00b7").map((number) => Number(number.replaceAll(",", ""))));
  assert.equal(numbers.reduce((sum, number) => sum + number), Number(seen.replaceAll(",", "")));
  assert.doesNotMatch(text, /prove/i);
  await isDone(page);
  assert.match(await answer(page).innerText(), /It stops writing after 1 fault/);
  await page.getByRole("button", { name: "Play this on the stage" }).click();
  await page.locator(".stage-column").getByRole("button", { name: "Pause" }).waitFor();
  await closeClean(page);
});

test("a change starts nothing, and the page answers while it searches", async () => {
  // Nothing is lost, and there is much to be seen before that is known.
  const page = await open(link({ "eligible.leader.replicas.version": 1, "unclean.leader.election.enable": true,
    records: 3, epochs: 5 }));
  await knob(page, "unclean.leader.election.enable", "false").check();
  await page.waitForTimeout(300);
  assert.equal(await answer(page).count() + await progress(page).count(), 0);
  await search(page);
  await progress(page).getByText(/[1-9][\d,]* states/).waitFor();
  await page.evaluate(() => {
    window.longest = 0;
    let before = performance.now();
    const look = () => {
      window.longest = Math.max(window.longest, performance.now() - before);
      before = performance.now();
      requestAnimationFrame(look);
    };
    look();
  });
  await page.waitForTimeout(1_000);
  await page.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await headline(page), "The search was cancelled before it had an answer.");
  assert.match(await answer(page).innerText(), /[1-9][\d,]* states were found/);
  assert.ok(await page.evaluate(() => window.longest) < 500, "the page was never blocked");
  await search(page);
  await progress(page).waitFor();
  await closeClean(page);
});

test("a link opens the same question, and what of it is wrong is said", async () => {
  const page = await open();
  await knob(page, "acks", "1").check();
  await knob(page, "replication.factor", "2").check();
  await page.getByRole("button", { name: "Link to this question" }).click();
  const address = await page.getByLabel("The link").inputValue();
  const other = await openPage(browser, address);
  await other.getByRole("button", { name: "Search", exact: true }).waitFor();
  const checked = (on) => on.locator("fieldset.knob input:checked").evaluateAll((all) =>
    all.map((one) => `${one.name}=${one.value}`));
  assert.deepEqual(await checked(other), await checked(page));
  assert.ok((await checked(other)).includes("knob.acks=1"));
  await closeClean(other);
  await closeClean(page);
  const wrong = await open("#/checker?acks=2&min.insync.replicas=1&colour=red");
  const said = await wrong.getByRole("alert").innerText();
  assert.match(said, /acks=2: expected 0, 1, all/);
  assert.match(said, /colour=red: there is no such knob/);
  assert.ok(await knob(wrong, "min.insync.replicas", "1").isChecked(), "the rest is read");
  await closeClean(wrong);
});

test("by keyboard alone: a knob, Enter, the answer has the focus, the run plays", async () => {
  const page = await open();
  await knob(page, "acks", "all").focus();
  await page.keyboard.press("ArrowLeft");
  assert.ok(await knob(page, "acks", "1").isChecked());
  await page.keyboard.press("Enter");
  await headline(page);
  await page.waitForFunction(() => document.activeElement?.matches(".checker-answer h2"));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.innerText), "Play it on the stage");
  await page.keyboard.press("Enter");
  await page.locator(".stage-column").getByRole("button", { name: "Pause" }).waitFor();
  await closeClean(page);
});

test("the run goes to the sandbox with all that happened", async () => {
  const page = await open(link({ acks: 1 }));
  await search(page);
  await headline(page);
  await isDone(page);
  await page.getByRole("button", { name: "Open in the sandbox" }).first().click();
  await page.getByRole("heading", { name: "Sandbox", exact: true }).waitFor();
  await page.locator(".stage-column .lost-word").waitFor();
  await closeClean(page);
});

test("the matrix fills in on the page, and a cell leads to the run that decides it", async () => {
  const page = await open();
  const matrix = page.locator(".matrix");
  await matrix.getByRole("button", { name: "Fill it in" }).click();
  const cell = (world, name) =>
    matrix.locator("details", { hasText: world }).first().getByRole("button", { name }).first();
  const loses = cell("power loss · ELR on · clean elections", /^acks=1, 2 faults: an acknowledged record is lost/);
  await loses.waitFor({ timeout: 120_000 });
  const said = await loses.getAttribute("aria-label");
  assert.match(await loses.innerText(), /loses/);
  const [, cost] = said.match(/is lost: (\d faults?, \d+ steps)/);
  const keeps = cell("no power loss · ELR on · clean elections", /^acks=all, min 1, 0 faults: no loss/);
  const [, states] = (await keeps.getAttribute("aria-label")).match(/, ([\d,]+) states/);
  await matrix.getByRole("button", { name: "Cancel" }).click();
  await matrix.getByRole("button", { name: "Go on" }).waitFor();
  await loses.click();
  assert.ok((await headline(page)).includes(cost), `${said}; ${await headline(page)}`);
  await page.waitForFunction(() => document.activeElement?.matches(".checker-answer h2"));
  await page.getByRole("button", { name: "Play it on the stage" }).waitFor();
  await keeps.click();
  await page.locator(".checker-answer h2", { hasText: "No acknowledged record is lost" }).waitFor();
  assert.ok((await answer(page).innerText()).includes(`All ${states} states`), states);
  await closeClean(page);
});

test("scene 06 has the question for each rule of truncation", async () => {
  const page = await open("#/06/search");
  assert.deepEqual(await page.locator(".practice fieldset.knob:visible legend").allInnerTexts(), ["truncation"],
    "the bounds are folded away");
  await search(page);
  assert.match(await headline(page), /^Record m0 was acknowledged and is lost: 2 faults/);
  await page.getByRole("button", { name: "Play it on the stage" }).click();
  await page.locator(".stage-column").getByRole("button", { name: "Pause" }).waitFor();
  await knob(page, "truncation", "kip-320").check();
  await page.getByText("The settings have changed since.").waitFor();
  await page.getByRole("button", { name: "Link to this question" }).click();
  assert.match(await page.getByLabel("The link").inputValue(), /#\/06\/search\?.*truncation=kip-320/);
  await closeClean(page);
});

for (const theme of THEMES) {
  for (const width of Object.keys(SIZES).map(Number)) {
    test(`axe finds nothing in an answer, and nothing is wider than the page: ${theme}, ${width}`, async () => {
      const page = await open("#/checker", { theme, width, reducedMotion: true });
      await page.locator("summary", { hasText: "How far to look" }).click();
      await search(page);
      await headline(page);
      await isDone(page);
      await page.locator(".drawer").waitFor({ state: "attached" });
      for (const summary of await answer(page).locator("summary").all()) await summary.click();
      await axeFindsNothing(page, `${theme}, ${width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      await closeClean(page);
    });
  }
}

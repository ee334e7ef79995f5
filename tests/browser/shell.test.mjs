// The shell: front page, course tape, settings, keys, addresses that lead nowhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { appRuns, launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const close = (page) => page.context().close();
const open = (route, options) => openPage(browser, site.address + route, options);

const inWords = (page) => page.locator(".stage-words").allTextContents();

test("the front page plays, one button does what surprises, and it leads to the first scene", async () => {
  const page = await open("#/");
  await page.getByRole("button", { name: "Let a third program come" }).click();
  await page.waitForFunction(() => {
    const words = [...document.querySelectorAll(".stage-words")].map((stage) => stage.textContent);
    return words.length === 2 && words.every((text) => /consumer c3: position 10/.test(text));
  }, null, { timeout: 20_000 });
  const [queue, log] = await inWords(page);
  assert.match(queue, /log 10 to 10/, "the queue has nothing");
  assert.match(log, /log 0 to 10/, "the log has everything");
  await page.locator("main a.primary").click();
  await page.waitForFunction(() => location.hash === "#/02");
  assert.equal(await page.locator("h1").innerText(), "The log is the database");
  assert.match(await page.title(), /The log is the database/);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the new page's heading has the focus");
  await close(page);
});

test("with reduced motion the front page stands still", async () => {
  const page = await open("#/", { reducedMotion: true });
  const first = await inWords(page);
  await page.waitForTimeout(1_500);
  assert.deepEqual(await inWords(page), first);
  await close(page);
});

test("the course tape has thirteen records, and those that are not written say so and can't be entered", async () => {
  const page = await open("#/");
  const cells = page.locator(".course-cell");
  assert.equal(await cells.count(), 13);
  assert.deepEqual(
    await cells.evaluateAll((all) => all.map((cell) => cell.firstElementChild?.innerText ?? cell.innerText)),
    ["01", "01a", "02", "02a", "03", "04", "04a", "05", "05a", "06", "07", "08", "09"],
  );
  for (const cell of await page.locator(".course-cell.unwritten").all()) {
    assert.match(await cell.getAttribute("title"), /not written yet$/);
    assert.equal(await cell.locator("xpath=ancestor-or-self::a").count(), 0);
  }
  await close(page);
});

test("an address that leads nowhere says what was wanted and what there is", async () => {
  const page = await open("#/no/such<place>");
  assert.match(await page.locator("main").innerText(), /\/no\/such/);
  assert.match(await page.locator("h1").innerText(), /Nothing is kept/);
  await page.locator("main a", { hasText: "A record is written and read" }).click();
  assert.equal(await page.locator("h1").innerText(), "A record is written and read");
  await close(page);
});

test("a planned scene's address says that it is not written", async () => {
  const page = await open("#/05a");
  assert.match(await page.locator("main").innerText(), /not written yet\. *Log compaction/);
  await close(page);
});

test("the reader's paper, text and motion hold, also on the next visit", async () => {
  const page = await open("#/tracer", { theme: "light" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor);
  const light = await paper();
  await page.locator(".settings summary").click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByRole("radio", { name: "Larger" }).check();
  await page.getByRole("radio", { name: "None" }).check();
  assert.notEqual(await paper(), light);
  await page.reload();
  await appRuns(page);
  const kept = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  assert.deepEqual([kept.theme, kept.text, kept.motion], ["dark", "larger", "reduced"]);
  assert.notEqual(await paper(), light);
  await page.locator(".settings summary").click();
  await page.locator("fieldset", { hasText: "Paper" }).getByLabel("As the system").check();
  assert.equal(await paper(), light, "the system says light");
  await close(page);
});

test("where the browser keeps nothing, the settings hold for the visit and the page says so", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
  });
  await page.goto(site.address);
  await appRuns(page);
  await page.locator(".settings summary").click();
  assert.match(await page.locator(".settings-panel").innerText(), /does not let the page keep anything/);
  await page.getByRole("radio", { name: "Dark" }).check();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await context.close();
});

test("the question mark lists the keys, and gives the focus back", async () => {
  const page = await open("#/tracer");
  await page.locator(".beat.open h2 a").focus();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /Play or pause/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.activeElement.closest(".beat.open") !== null);
  await page.waitForTimeout(100);
  await page.keyboard.press("?");
  await dialog.waitFor();
  await close(page);
});

test("the first Tab offers to skip to the page", async () => {
  const page = await open("#/tracer");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  assert.equal(await page.locator("h1").innerText(), "A record is written and read", "the page is still the same");
  await close(page);
});

test("content that can't be fetched is said, and can be asked for again", async () => {
  const page = await open("#/no-such-place");
  await page.route("**/tracer-*.bin", (route) => route.abort());
  await page.evaluate(() => { location.hash = "#/tracer"; });
  await page.getByRole("alert").waitFor();
  await page.unroute("**/tracer-*.bin");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".beat.open").waitFor();
  await close(page);
});

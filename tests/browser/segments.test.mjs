// The page about segments: a partition's folder, two side by side, any log file by itself: read in the worker, with
// what is wrong with it and every place of it.
import assert from "node:assert/strict";
import {
  closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ROOT, SIZES, THEMES, axeFindsNothing, launch, openPage, startSite } from "./harness.mjs";

const FIXTURES = join(ROOT, "tests/fixtures/kafka-4.3.1");
const SEGMENT = "00000000000000000000.log";
const broken = (name) => join(FIXTURES, "09-corrupted", name, SEGMENT);

let browser, site, folder;
before(async () => {
  [browser, site] = await Promise.all([launch(), startSite()]);
  folder = mkdtempSync(join(tmpdir(), "kafka-lab-segments-"));
});
after(async () => {
  await browser.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const close = (page) => page.context().close();

/** Opens the page; the example that it begins with has been read. */
async function open(route = "#/segments", options = {}) {
  const page = await openPage(browser, site.address + route, options);
  await page.locator(".segments-tape svg").waitFor();
  await page.locator(".segments progress").waitFor({ state: "detached" });
  return page;
}

/** The field for files, and the one for a folder. */
const FILES = "input[type=file]:not([webkitdirectory])", FOLDER = "input[webkitdirectory]";

async function choose(page, file) {
  await page.locator(FILES).setInputFiles(file);
  await isRead(page, file.split("/").pop());
}

async function chooseFolder(page, path, name) {
  await page.locator(FOLDER).setInputFiles(path);
  await isRead(page, name);
}

async function isRead(page, name) {
  await page.locator("h2.data", { hasText: name }).waitFor();
  await page.locator(".segments progress").waitFor({ state: "detached", timeout: 60_000 });
}

const findings = (page) => page.locator(".segments-findings li").evaluateAll((all) =>
  all.map((item) => ({ where: item.querySelector("button").innerText, what: item.querySelector("p").innerText })));

async function goTo(page, kind, text) {
  await page.getByLabel("Go to").selectOption({ label: kind });
  await page.getByLabel("What to look for").fill(text);
  await page.getByRole("button", { name: "Go", exact: true }).click();
}

/** Waits until this record, or batch, is the one that is chosen. */
const isChosen = (page, offset) =>
  page.waitForFunction((wanted) => {
    const chosen = document.querySelector(".segments-tape .is-selected")?.getAttribute("data-key");
    return chosen?.endsWith(`/${wanted}`);
  }, offset, { timeout: 20_000 });

/** Feeds the page a file that is dropped on it. */
async function drop(page, path, name = SEGMENT) {
  const base64 = readFileSync(path).toString("base64");
  await page.evaluate(([base64, name]) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
    document.querySelector("main").dispatchEvent(
      new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
  }, [base64, name]);
}

test("every broken file says on the page what the program says of it, with its place", async () => {
  const said = readFileSync(join(ROOT, "tests/conformance/findings.txt"), "utf8");
  const page = await open();
  for (const name of readdirSync(join(FIXTURES, "09-corrupted")).filter((name) => existsSync(broken(name)))) {
    await choose(page, broken(name));
    const lines = said.split(`\n${name}\n`)[1] ?? said.slice(name.length + 1);
    const expected = lines.split(/\n(?! )/)[0].split("\n").map((line) => line.match(/: byte (\d+)/)[1]);
    const found = await findings(page);
    assert.deepEqual(found.map(({ where }) => where.match(/byte ([\d,]+)/)[1].replaceAll(",", "")), expected, name);
    for (const { what } of found) assert.ok(said.includes(what), `${name}: ${what}`);
  }
  assert.deepEqual([page.diary.errors, page.diary.blocked], [[], []]);
  await close(page);
});

test("a finding leads to its place, also where no batch can be read", async () => {
  const page = await open();
  await choose(page, broken("crc-bit-flipped"));
  await page.locator(".segments-findings button").click();
  await page.locator("h2", { hasText: "Bytes at 366" }).waitFor();
  await isChosen(page, 9);
  await choose(page, broken("zero-tail"));
  await page.locator(".segments-findings button").click();
  await page.locator("h2", { hasText: "Bytes at 1,322" }).waitFor();
  assert.match(await page.locator(".segments-tape svg").getAttribute("aria-label"), /to \d+$/, "what stands before it");
  await close(page);
});

test("a file can be dropped, and one that is no segment is said to be none", async () => {
  const page = await open();
  await drop(page, broken("truncated-in-header"));
  await page.locator(".segments-findings", { hasText: "The last 9 bytes" }).waitFor();
  await drop(page, broken("empty"), "00000000000000000000.timeindex");
  assert.match(await page.getByRole("alert").innerText(), /a time index.*expected/);
  assert.equal((await findings(page)).length, 1, "the file that was open still is");
  await close(page);
});

test("examples ship with the site, and an address may name one", async () => {
  const page = await open("#/segments?example=torn");
  assert.match((await findings(page))[0].what, /772 bytes begins here.*ends after 398/);
  await page.getByRole("button", { name: "A compacted log" }).click();
  await page.locator(".segments-tape [data-key^='cell/']", { hasText: "k16" }).waitFor();
  assert.ok(await page.locator(".segments-tape .cell-gap").count() > 3, "gaps are drawn");
  await page.getByRole("button", { name: "Transactions" }).click();
  await page.getByRole("heading", { name: "Transactions", exact: true }).waitFor();
  const rows = page.locator("[aria-label='Transactions'] tbody tr");
  assert.equal(await rows.count(), 11);
  assert.match(await rows.filter({ hasText: "still open" }).innerText(), /33/);
  const lines = (kind) => page.locator(`.segments-tape .transaction-${kind}`).count();
  assert.deepEqual(await Promise.all(["committed", "aborted", "open"].map(lines)), [5, 5, 1]);
  await close(page);
});

test("a whole folder is read as one log, with what lies beside it", async () => {
  const page = await open();
  await chooseFolder(page, join(FIXTURES, "01-plain/create-time/plain-0"), "plain-0");
  assert.match(await page.locator("main").innerText(), /Nothing is wrong/);
  assert.equal(await page.locator("[aria-label='Segments'] tbody tr").count(), 3);
  await goTo(page, "offset", "73");
  await isChosen(page, 73);
  await page.locator(".segments-tape", { hasText: "00000000000000000073.log" }).waitFor();
  assert.ok(await page.locator(".index-tick").count() > 0, "entries of the offset index");
  assert.ok(await page.locator(".index-ring").count() > 0, "entries of the time index");
  await page.getByRole("button", { name: /Earlier/ }).click();
  await page.waitForFunction(() => !/ 73 to/.test(document.querySelector(".segments-tape svg").ariaLabel));
  await chooseFolder(page, join(FIXTURES, "09-corrupted/recovery/badindex/before"), "badindex-0");
  const [found] = await findings(page);
  assert.match(found.where, /00000000000000000000\.index · byte 8/);
  assert.match(found.what, /both must ascend/);
  await close(page);
});

test("two folders lie side by side, what differs is marked, and can be listed alone", async () => {
  const page = await open();
  await chooseFolder(page, join(FIXTURES, "06-leader-epochs/epochs/05-diverged"), "epochs-0");
  // Three replicas: the first is open, and another is chosen beside it.
  await page.getByLabel("compared with").selectOption({ label: "broker-2/epochs-0" });
  await isRead(page, "B: broker-2/epochs-0");
  const [found] = await findings(page);
  assert.match(found.what, /below offset 10 is the same.*leader epoch 2.*leader epoch 3.*cut its log to offset 10/s);
  assert.equal(await page.locator(".differs-bar").count(), 4 + 5);
  assert.deepEqual(await page.locator(".segments-tape text.tape-name").allTextContents(), ["A", "B"]);
  await page.locator(".segments-findings button").first().click();
  await isChosen(page, 10);
  await page.getByLabel("only what differs").check();
  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByText("4 listed").waitFor();
  await page.locator("[aria-label='Records'] tbody button").last().click();
  await isChosen(page, 13);
  await page.getByLabel("compared with").selectOption({ label: "nothing" });
  await isRead(page, "broker-1/epochs-0");
  assert.equal(await page.locator(".differs-bar").count(), 0);
  assert.deepEqual([page.diary.errors, page.diary.blocked], [[], []]);
  await close(page);
});

test("records are filtered, and what was found is saved as text and as JSON", async () => {
  const page = await open("#/segments?example=transactions");
  await page.getByLabel("Kind").selectOption({ label: "aborted" });
  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByText("11 listed").waitFor();
  await page.getByLabel("Producer id", { exact: true }).fill("5");
  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByText("6 listed").waitFor();
  await page.getByLabel("Producer id", { exact: true }).fill("five");
  await page.getByRole("button", { name: "List", exact: true }).click();
  assert.match(await page.getByRole("alert").innerText(), /“five” is no whole number/);
  const saved = async (button, file) => {
    await page.getByRole("button", { name: button }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"), page.getByRole("link", { name: file }).click(),
    ]);
    return readFileSync(await download.path(), "utf8");
  };
  const text = await saved("Save as text", "kafka-lab.txt");
  assert.match(text, /open transaction: Producer 6 began a transaction at offset 33/);
  assert.match(text, /records in view: 6/);
  const json = JSON.parse(await saved("Save as JSON", "kafka-lab.json"));
  assert.equal(json.sides[0].transactions.length, 11);
  assert.equal(json.records.length, 6);
  assert.equal(json.findings[0].kind, "open transaction");
  await close(page);
});

test("one goes to an offset, a time, a key, a producer", async () => {
  const page = await open();
  await goTo(page, "offset", "27");
  await isChosen(page, 27);
  await goTo(page, "time", "2026-01-01T00:01:40");
  await isChosen(page, 34);
  await goTo(page, "key", "k9");
  await isChosen(page, 27);
  await goTo(page, "producer id", "9");
  await isChosen(page, 35);
  await page.getByRole("button", { name: "Go", exact: true }).click();
  assert.match(await page.getByRole("alert").innerText(), /no further/);
  await goTo(page, "offset", "soon");
  assert.match(await page.getByRole("alert").innerText(), /“soon” is no offset. Expected: a whole number/);
  await goTo(page, "offset", "4000");
  await page.getByRole("alert").getByText("No record in this log stands at this offset or above.").waitFor();
  await close(page);
});

test("records of an aborted transaction are struck through, and its marker says so", async () => {
  const page = await open();
  await choose(page, join(FIXTURES, "04-transactions/txn-0/00000000000000000005.log"));
  await page.locator("[aria-label*='aborted record at offset 11']").waitFor();
  assert.equal(await page.locator(".segments-tape .aborted-strike").count(), 5);
  assert.equal(await page.locator(".segments-tape [aria-label*='abort marker']").count(), 3);
  await close(page);
});

test("compressed batches are read, and their fields named", async () => {
  const page = await open();
  await choose(page, join(FIXTURES, "02-compressed/zstd/zstd-0", SEGMENT));
  assert.equal(await page.locator(".segments-findings li").count(), 0);
  assert.match(await page.locator("main").innerText(), /Nothing is wrong/);
  await page.locator(".fields th", { hasText: "value · record 0" }).waitFor();
  await close(page);
});

test("by keyboard alone: choose an example, read the tape, go on, look at the bytes", async () => {
  const page = await open();
  await page.locator("h1").focus();
  const press = async (key, times = 1) => { for (let n = 0; n < times; n += 1) await page.keyboard.press(key); };
  await press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.type), "file");
  await press("Tab", 6);
  await press("Enter");
  await page.locator(".segments-findings", { hasText: "772" }).waitFor();
  await press("Tab");
  await press("Enter");
  await page.locator("h2", { hasText: "Bytes at 550" }).waitFor();
  await press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("data-key"));
  assert.match(await focused(), /^cell\//);
  const first = await focused();
  await press("ArrowLeft");
  assert.notEqual(await focused(), first);
  await press("ArrowLeft", 20);
  assert.match(await focused(), /\/0$/, "the file's first record, and no further");
  await press("Enter");
  await page.locator("h2", { hasText: "Bytes at 0" }).waitFor();
  await press("Tab", 3);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "SELECT");
  await press("Tab");
  await page.keyboard.type("9");
  await press("Enter");
  await isChosen(page, 9);
  await close(page);
});

/**
 * 200 MB in four segments: one real batch, again and again, each with the base offset that is its turn. The CRC does
 * not cover it.
 */
function bigFolder() {
  const path = join(folder, "big-0");
  mkdirSync(path);
  const source = readFileSync(join(FIXTURES, "01-plain/create-time/plain-0", SEGMENT));
  const batch = source.subarray(93, 93 + 12 + source.readInt32BE(93 + 8));
  const records = batch.readInt32BE(23) + 1;
  const times = Math.floor(1_000_000 / batch.length);
  const piece = Buffer.alloc(times * batch.length);
  for (let at = 0; at < times; at += 1) batch.copy(piece, at * batch.length);
  let base = 0;
  for (let segment = 0; segment < 4; segment += 1) {
    const file = openSync(join(path, `${String(base).padStart(20, "0")}.log`), "w");
    for (let megabyte = 0; megabyte < 50; megabyte += 1) {
      for (let at = 0; at < times; at += 1, base += records) {
        piece.writeBigInt64BE(BigInt(base), at * batch.length);
      }
      writeSync(file, piece);
    }
    closeSync(file);
  }
  return { path, batches: 200 * times, records: base };
}

test("200 MB are read without holding them, the page stays quick, and reading can be cancelled", async () => {
  const { path, batches, records } = bigFolder();
  const page = await open();
  await page.evaluate(() => {
    window.gaps = [];
    let last = performance.now();
    const tick = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  const field = page.locator(FOLDER);
  await field.setInputFiles(path);
  await page.locator(".segments progress").waitFor();
  // While it reads the tape can be looked at.
  await page.locator(".segments-tape svg").waitFor();
  await page.getByRole("button", { name: /Later/ }).click();
  await page.waitForFunction(() => !/ 0 to/.test(document.querySelector(".segments-tape svg").ariaLabel));
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator(".segments", { hasText: "read up to byte" }).waitFor();
  const began = Date.now();
  await field.setInputFiles(path);
  await page.locator(".segments progress").waitFor();
  await isRead(page, "big-0");
  const seconds = (Date.now() - began) / 1000;
  const facts = await page.locator(".segments .note.data").first().innerText();
  assert.ok(facts.includes(`${batches.toLocaleString("en")} batches`), facts);
  assert.ok(facts.includes(`${records.toLocaleString("en")} records`), facts);
  await goTo(page, "offset", String(records - 3));
  await isChosen(page, records - 3);
  const { gaps, heap } = await page.evaluate(() => ({
    gaps: window.gaps.slice().sort((a, b) => b - a), heap: performance.memory.usedJSHeapSize,
  }));
  const rare = gaps[Math.ceil(gaps.length / 50)];
  console.log(`200 MB in ${seconds.toFixed(1)} s, longest gap ${Math.round(gaps[0])} ms, 98 of 100 under ` +
    `${Math.round(rare)} ms; heap ${(heap / 1e6).toFixed(1)} MB`);
  // A page that reads for itself stands still for seconds; two busy cores alone can cost a frame here and there.
  assert.ok(gaps[0] < 2_000, `the longest gap between two frames: ${gaps[0]} ms`);
  assert.ok(rare < 250, `98 of 100 gaps between frames are under ${rare} ms`);
  assert.ok(heap < 40e6, `the page's heap: ${heap} bytes`);
  await close(page);
});

test("a worker that can't be loaded is said, and a second attempt may do", async () => {
  const page = await openPage(browser, "about:blank", { waitForApp: false });
  await page.route(/worker-[0-9a-f]{16}\.wasm/, (route) => route.abort());
  await page.goto(`${site.address}#/segments`);
  await page.getByRole("alert").getByText("could not be started").waitFor();
  await page.unroute(/worker-[0-9a-f]{16}\.wasm/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".segments-tape svg").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await close(page);
});

test("one may leave the page at any moment", async () => {
  const page = await open();
  for (const wait of [0, 30, 100, 300]) {
    await page.evaluate(() => { location.hash = "#/no-such-place"; });
    await page.evaluate(() => { location.hash = "#/segments?example=torn"; });
    await page.waitForTimeout(wait);
  }
  await page.evaluate(() => { location.hash = "#/no-such-place"; });
  await page.waitForTimeout(500);
  assert.equal(await page.locator(".panic").count(), 0);
  assert.deepEqual(page.diary.errors, []);
  await close(page);
});

test("nothing of a file is sent anywhere", async () => {
  const page = await open();
  const sent = [];
  page.on("request", (request) => sent.push(`${request.method()} ${request.url()}`));
  await choose(page, broken("zero-tail"));
  await goTo(page, "key", "nobody");
  await page.getByRole("alert").waitFor();
  // A letter that no text of the page has may need more of the typeface.
  assert.deepEqual(sent.filter((request) => !/^GET \S+\.woff2$/.test(request)), []);
  assert.match(await page.locator("main").innerText(), /nothing of them leaves this machine/);
  await close(page);
});

for (const theme of THEMES) {
  for (const width of Object.keys(SIZES).map(Number)) {
    test(`axe has nothing to say: ${theme}, ${width}`, async () => {
      const page = await open("#/segments?example=diverged", { theme, width, reducedMotion: true });
      await page.getByRole("button", { name: "List", exact: true }).click();
      await page.getByText("14 listed").waitFor();
      await axeFindsNothing(page, `${theme}, ${width}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `the page is ${over} px wider than the screen`);
      await close(page);
    });
  }
}

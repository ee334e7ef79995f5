// The same 1,000 seeded random scripts end in the same world natively and in the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { launch, measures, startMeasures } from "./harness.mjs";

const SCRIPTS = 1000;

test(`${SCRIPTS} random scripts give the same hashes natively and in the browser`, async () => {
  const native = execFileSync(measures.native, [String(SCRIPTS)], { encoding: "utf8" }).trim().split("\n");
  assert.equal(native.length, SCRIPTS);
  assert.ok(new Set(native).size > SCRIPTS * 0.9, "different scripts end in different worlds");

  const [browser, site] = await Promise.all([launch(), startMeasures()]);
  const page = await browser.newPage();
  await page.goto(site.address);
  const inBrowser = await page.evaluate(async (count) => {
    const lab = await import("./kafka_lab_measures.js");
    await lab.default();
    return Array.from({ length: count }, (_, seed) => String(BigInt.asUintN(64, lab.sample_hash(seed))));
  }, SCRIPTS);
  await browser.close();
  await site.close();

  const pairs = native.map((hash, seed) => ({ seed, native: hash, inBrowser: inBrowser[seed] }));
  const different = pairs.filter((pair) => pair.native !== pair.inBrowser);
  assert.deepEqual(different, []);
});

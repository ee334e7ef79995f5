// The checker answers the same 50 questions byte for byte natively and in the browser: states, costs, runs and scripts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { launch, measures, startMeasures } from "./harness.mjs";

const QUESTIONS = 50;

test(`${QUESTIONS} questions to the checker have the same answers natively and in the browser`, async () => {
  const native = execFileSync(measures.native, ["answers"], { encoding: "utf8", maxBuffer: 1 << 26 });

  const [browser, site] = await Promise.all([launch(), startMeasures()]);
  const page = await browser.newPage();
  await page.goto(site.address);
  const answers = await page.evaluate(async () => {
    const lab = await import("./kafka_lab_measures.js");
    await lab.default();
    return Array.from({ length: lab.checker_questions() }, (_, number) => lab.checker_answer(number));
  });
  await browser.close();
  await site.close();

  assert.equal(answers.length, QUESTIONS);
  assert.ok(answers.filter((answer) => answer.includes("an acknowledged record is lost")).length >= 20);
  assert.equal(answers.join(""), native);
});

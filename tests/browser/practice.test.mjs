// A scene from its hook to its card: what there is to do after the beats, the terminal, the sandbox, progress.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { closeClean, launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const open = (route, options) => openPage(browser, site.address + route, options);
const conditions = (page) => page.locator(".conditions li");
const holding = (page) => page.locator(".conditions .holds").count();
const reached = (page) => page.locator(".verdict.right", { hasText: "Done." });
const acts = async (page) => {
  await page.locator(".acts summary").click();
  return (name) => page.locator(".acts-list").getByRole("button", { name, exact: true });
};
/** Types a line into the terminal and carries it out. */
const type = async (page, line) => {
  await page.locator(".terminal-line").fill(line);
  await page.locator(".terminal-line").press("Enter");
};
const answers = (page) => page.locator(".terminal-answer").allTextContents();

describe("a challenge", () => {
  test("is solved by buttons, counted against its par, and stays solved", async () => {
    const page = await open("#/02/challenge-repair");
    await conditions(page).first().waitFor();
    assert.ok(await holding(page) < await conditions(page).count(), "it is not solved before it begins");
    const act = await acts(page);
    await act("Let c1 poll").click();
    await page.waitForTimeout(300);
    assert.equal(await reached(page).count(), 0, "to poll repairs nothing");
    await page.getByRole("button", { name: "Undo" }).first().click();
    await act("Let c1 run balances-v2").click();
    await act("Let c1 poll").click();
    await reached(page).waitFor();
    assert.match(await reached(page).innerText(), /without waiting: 2\. Par: 2\./);
    await page.goto(`${site.address}#/02/myths`);
    await page.goto(`${site.address}#/02/challenge-repair`);
    await page.getByText("You have solved this before.").waitFor();
    await closeClean(page);
  });

  test("gives its hints one at a time, and a way that is shown solves nothing", async () => {
    const page = await open("#/02/challenge-no-repair");
    const hint = page.getByRole("button", { name: /^Hint 1 of 3/ });
    await hint.click();
    assert.equal(await page.locator(".hints li:visible").count(), 1);
    await page.getByRole("button", { name: /^Hint 2 of 3/ }).click();
    await page.getByRole("button", { name: /^Hint 3 of 3/ }).click();
    assert.equal(await page.locator(".hints li:visible").count(), 3);
    await page.getByRole("button", { name: "Show a way" }).click();
    await page.getByText("That is one way.").waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Begin again" }).click();
    await page.getByText("That is one way.").waitFor({ state: "detached" });
    assert.equal(await page.getByText("You have solved this before.").count(), 0);
    await closeClean(page);
  });

  test("is solved by commands, on another way than the stored one", async () => {
    const page = await open("#/02/challenge-part");
    await page.locator(".acts summary").click();
    for (const line of ["deploy c2 program=balances-v2", "deploy c1 program=balances-v1"]) await type(page, line);
    for (const consumer of ["c2", "c1"]) {
      for (let time = 0; time < 3; time += 1) {
        await type(page, `poll ${consumer}`);
        await type(page, "wait 40");
      }
    }
    await reached(page).waitFor();
    assert.match(await reached(page).innerText(), /without waiting: 8\. Par: 8\./);
    await closeClean(page);
  });
});

test("a goal is reached in three ways, by the knobs on the stage, and each is kept", async () => {
  const page = await open("#/05/challenge-save", { reducedMotion: true });
  const ways = page.locator(".ways");
  const found = async (count) => {
    await page.locator(".track").press("End");
    await ways.getByText(`Ways found: ${count} of 3.`).waitFor();
    assert.equal(await ways.locator("li:visible").count(), count);
  };
  const turn = async (key, act) => {
    await page.locator(`.stage [data-key="${key}"]`).focus();
    await page.keyboard.press("Enter");
    await page.locator(".acts-list").getByRole("button", { name: act, exact: true }).click();
  };
  await conditions(page).first().waitFor();
  await found(0);
  const knobs = [
    ["isr", "ISR: min.insync.replicas=2"],
    ["actor/k1", "controller k1: unclean.leader.election.enable=false"],
    ["name/b4", "broker 4: give it a replica"],
  ];
  for (const [at, [key, act]] of knobs.entries()) {
    await page.getByRole("button", { name: "Begin again" }).click();
    await turn(key, act);
    assert.equal(await reached(page).count(), 0, "nothing has happened yet");
    await found(at + 1);
    await reached(page).waitFor();
    assert.match(await reached(page).innerText(), /without waiting: 1\. Par: 1\./);
  }
  await page.goto(`${site.address}#/05/myths`);
  await page.goto(`${site.address}#/05/challenge-save`);
  await page.getByText("You have solved this before.").waitFor();
  await closeClean(page);
});

test("the wrong version of the rule breaks its promise, Kafka's keeps it", async () => {
  const page = await open("#/02/build");
  await page.getByRole("button", { name: "delete on acknowledge", exact: true }).click();
  await page.getByText("The promise is broken.").waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "keep", exact: true }).click();
  await page.getByText("The promise is kept. This is what Kafka does.").waitFor({ timeout: 30_000 });
  await closeClean(page);
});

test("of several things that can happen each is put to each version of the rule", async () => {
  const page = await open("#/06/build");
  const choose = (name) => page.getByRole("button", { name, exact: true }).click();
  const verdict = page.locator(".verdict");
  const versions = ["to the high watermark", "KIP-101", "KIP-279", "KIP-320"];
  const kept = new Map(versions.map((version) => [version, 0]));
  for (const trouble of ["Two leaders die", "Two quick elections", "Late news"]) {
    await choose(trouble);
    for (const version of versions) {
      await choose(version);
      await verdict.waitFor({ state: "detached" });
      await page.keyboard.press("End");
      await verdict.waitFor({ timeout: 30_000 });
      if (/The promise is kept/.test(await verdict.innerText())) kept.set(version, kept.get(version) + 1);
    }
  }
  const always = versions.filter((version) => kept.get(version) === 3);
  assert.deepEqual(always, ["KIP-320"], JSON.stringify([...kept]));
  await closeClean(page);
});

for (const scene of ["02", "05", "06"]) test(`${scene}: each myth is refuted on the stage`, async () => {
  const page = await open(`#/${scene}/myths`);
  const shows = page.getByRole("button", { name: "Show me" });
  await shows.first().waitFor();
  const count = await shows.count();
  assert.ok(count >= 3 && count <= 5, `${count} myths`);
  for (let at = 0; at < count; at += 1) {
    await shows.nth(at).click();
    // The first is watched, of the others the end is sought: what is judged is the run.
    if (at > 0) await page.keyboard.press("End");
    await page.waitForFunction(() => {
      const all = [...document.querySelectorAll(".conditions li")];
      return all.length > 0 && all.every((item) => item.classList.contains("holds"));
    }, null, { timeout: 30_000 });
    assert.equal(await page.locator(".conditions").count(), 1, "one proof is shown at a time");
  }
  await closeClean(page);
});

describe("the terminal", () => {
  test("completes, keeps a history, and points at what is wrong", async () => {
    const page = await open("#/sandbox");
    await page.locator(".acts summary").click();
    const line = page.locator(".terminal-line");
    await line.focus();
    await page.keyboard.type("dep");
    await page.keyboard.press("Tab");
    assert.equal(await line.inputValue(), "deploy ");
    await page.keyboard.type("c1 program=bal");
    await page.keyboard.press("Tab");
    assert.equal(await line.inputValue(), "deploy c1 program=balances-v");
    assert.match(await page.locator(".terminal-ways").innerText(), /balances-v1.*balances-v2/);
    await page.keyboard.press("Escape");
    await type(page, "send p1 kex=ada value=1");
    assert.equal(await line.inputValue(), "send p1 kex=ada value=1", "a line that is wrong stays");
    const [wrong] = await answers(page);
    assert.match(wrong, /column 9: found .kex/);
    assert.equal(await page.locator(".terminal-points").textContent(), `${" ".repeat(8)}^\n`);
    await line.fill("");
    await type(page, "poll c7");
    assert.match((await answers(page)).at(-1), /there is no consumer c7/);
    await line.fill("");
    await type(page, "send p1 key=ada value=+1");
    assert.match((await answers(page)).at(-1), /^\d+ events?$/);
    await page.keyboard.press("ArrowUp");
    assert.equal(await line.inputValue(), "send p1 key=ada value=+1");
    await page.keyboard.press("ArrowUp");
    assert.equal(await line.inputValue(), "poll c7");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await line.inputValue(), "");
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => document.activeElement.className), "terminal-line", "Tab leads on");
    await closeClean(page);
  });

  test("takes any line without harm", async () => {
    const page = await open("#/sandbox");
    await page.locator(".acts summary").click();
    const lines = ["<b>x</b>", "\"", "deliver \u{1f600}", "wait 99999999999999999999", "mark ", "cluster brokers=9"];
    for (const line of lines) await type(page, line);
    const said = await answers(page);
    assert.equal(said.length, 6);
    assert.ok(said.every((answer) => answer.length > 0));
    assert.equal(await page.locator(".terminal b").count(), 0, "nothing is read as HTML");
    await closeClean(page);
  });
});

test("the sandbox opens from a moment with what has happened so far, and the way back leads there again", async () => {
  const page = await open("#/02/fold");
  await page.locator(".stage-words").waitFor({ state: "attached" });
  const words = await page.locator(".stage-words").textContent();
  await page.getByRole("button", { name: "Open in the sandbox" }).click();
  await page.getByRole("heading", { name: "Sandbox" }).waitFor();
  await page.waitForFunction((was) => document.querySelector(".stage-words").textContent === was, words);
  const track = page.locator(".track");
  const at = (name) => track.getAttribute(`aria-value${name}`);
  assert.equal(await at("now"), await at("max"), "nothing is to come");
  await page.goBack();
  await page.getByRole("heading", { name: "The log is the database" }).waitFor();
  await closeClean(page);
});

test("progress can be forgotten, and had back", async () => {
  const page = await open("#/02/repair");
  await page.evaluate(() => localStorage.setItem("kafka-lab.finished", "02"));
  await page.reload();
  const finished = page.locator(".course-cell.finished");
  await finished.waitFor();
  await page.locator(".settings summary").click();
  await page.getByRole("button", { name: "Begin the course anew" }).click();
  assert.equal(await finished.count(), 0);
  assert.equal(await page.evaluate(() => localStorage.getItem("kafka-lab.finished")), "");
  await page.getByText("What you had finished is forgotten.").getByRole("button", { name: "Undo" })
    .or(page.locator(".settings").getByRole("button", { name: "Undo" })).first().click();
  assert.equal(await finished.count(), 1);
  await closeClean(page);
});

/** Scenes, and how many steps they have: the hook, the beats, what comes after them. */
const SCENES = [["#/02", 1 + 9 + 7], ["#/04", 1 + 9 + 7], ["#/05", 1 + 8 + 8], ["#/06", 1 + 9 + 8]];
for (const [route, count] of SCENES) describe(`${route} from its hook to its card`, () => {
  /** Goes from step to step with `press`, skipping the questions, until there is no way on. */
  async function through(page, { press, route }) {
    const steps = [];
    for (let count = 0; count < 40; count += 1) {
      steps.push(await page.evaluate(() => location.hash));
      const skip = page.getByRole("button", { name: "Show me", exact: true });
      if (await page.locator(".ask-controls").count()) await press(skip);
      const on = page.locator(".beat-controls").getByRole("link", { name: /^(Begin|Continue)$/ });
      if (await on.count() === 0) break;
      await press(on);
      // The address changes first, then the page.
      await page.waitForFunction((was) => location.hash !== was
        && document.querySelector("[aria-current=step]")?.getAttribute("href") === location.hash, steps.at(-1));
    }
    assert.equal(steps[0], route);
    assert.equal(steps.at(-1), `${route}/card`);
    assert.equal(new Set(steps).size, steps.length);
    return steps;
  }

  test("with keys alone", async () => {
    const page = await open(route);
    const press = async (element) => {
      await element.waitFor();
      for (let tabs = 0; tabs < 80; tabs += 1) {
        if (await element.evaluate((wanted) => wanted === document.activeElement)) break;
        await page.keyboard.press("Tab");
      }
      assert.ok(await element.evaluate((wanted) => wanted === document.activeElement), "Tab leads there");
      await page.keyboard.press("Enter");
    };
    const steps = await through(page, { press, route });
    assert.equal(steps.length, count);
    await closeClean(page);
  });

  test("with touch alone, on a phone", async () => {
    const page = await open(route, { width: 390 });
    const steps = await through(page, { press: (element) => element.tap(), route });
    assert.equal(steps.length, count);
    await closeClean(page);
  });
});

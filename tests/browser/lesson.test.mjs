// One beat, played, answered wrongly and rightly, by mouse, by touch and by keys alone; the drawer; acting.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { closeClean, launch, openPage, startSite } from "./harness.mjs";

let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const open = (route, options) => openPage(browser, site.address + route, options);
const moment = (page) => page.evaluate(() => Number(document.querySelector(".track").getAttribute("aria-valuenow")));
/** What the stage says of broker 1 and 2: their marks, as a screen reader hears them. */
const marks = async (page) => {
  const words = await page.locator(".stage-words").textContent();
  return [...words.matchAll(/high watermark (\d+)/g)].map((found) => Number(found[1]));
};
const isStill = (page) => page.waitForFunction(() => {
  const play = document.querySelector(".transport-play");
  return play.textContent.trim() === "Play";
});
const verdict = (page) => page.locator(".verdict");

/** The story tells only what has happened: at the end it tells everything. */
async function openAtTheEnd() {
  const page = await open("#/tracer");
  await page.keyboard.press("End");
  await page.waitForFunction(() => {
    const track = document.querySelector(".track");
    return track.getAttribute("aria-valuenow") === track.getAttribute("aria-valuemax");
  });
  return page;
}

describe("a question about brokers", () => {
  /** Who leads and who is in sync, as the stage says it in words. */
  const brokers = async (page) => {
    const words = await page.locator(".stage-words").textContent();
    return { leader: words.match(/Broker (\d), leader/)?.[1], inSync: words.match(/ISR \{([^}]*)\}/)?.[1] };
  };
  const name = (page, id) => page.locator(`[data-key="name/b${id}"]`);
  const choice = (page, id) => page.locator(".ask-controls").getByRole("button", { name: `broker ${id}` });
  const chosen = async (page) => {
    const pressed = page.locator('.ask-controls [aria-pressed="true"]');
    return (await pressed.allTextContents()).join(", ");
  };
  const ask = async (route, options) => {
    const page = await open(route, options);
    await page.locator(".ask-controls").waitFor();
    await name(page, 3).waitFor();
    return page;
  };
  const judged = async (page) => {
    await page.getByRole("button", { name: "Commit answer" }).click();
    await verdict(page).waitFor();
    await page.keyboard.press("End");
    const said = await verdict(page).innerText();
    const right = await verdict(page).evaluate((it) => it.classList.contains("right"));
    return { said, right };
  };

  test("is answered by clicks on their names: a set, wrongly", async () => {
    const page = await ask("#/04/slow", { reducedMotion: true });
    const begins = (await brokers(page)).inSync;
    assert.equal(await chosen(page), begins, "it begins with those in sync now");
    await name(page, 3).click();
    const said = await chosen(page);
    assert.notEqual(said, begins);
    await page.waitForFunction((many) => document.querySelectorAll('[data-key^="answer/"]').length === many,
      said.split(", ").length);
    const answer = await judged(page);
    assert.ok(!answer.right);
    assert.match(answer.said, new RegExp(`^You said ${said}. It is ${begins}`));
    await closeClean(page);
  });

  test("by the buttons beside it, rightly, on a phone", async () => {
    const page = await ask("#/04/frozen", { width: 390, reducedMotion: true });
    await choice(page, 3).tap();
    const said = await chosen(page);
    const answer = await judged(page);
    assert.ok(answer.right, answer.said);
    assert.match(answer.said, new RegExp(`^Yes: ${said}`));
    assert.match(answer.said, /What decided it:/);
    await closeClean(page);
  });

  test("with keys on the stage: one broker instead of another", async () => {
    const page = await ask("#/04/survive", { reducedMotion: true });
    assert.equal(await chosen(page), "", "nobody is chosen yet");
    for (const id of [3, 2]) {
      await name(page, id).focus();
      await page.keyboard.press("Enter");
      assert.equal(await chosen(page), String(id));
    }
    const answer = await judged(page);
    const { leader } = await brokers(page);
    assert.equal(answer.right, leader === "2");
    assert.match(answer.said, new RegExp(`^Yes: ${leader}`));
    await closeClean(page);
  });
});

describe("a question about what comes of a record", () => {
  /** The answer as the run has it, once the step was played: read from the story, never written down here. */
  const told = async (page) => {
    await page.keyboard.press("End");
    const said = await verdict(page).innerText();
    return { said, right: await verdict(page).evaluate((it) => it.classList.contains("right")) };
  };
  const chosen = (page) => page.locator('.ask-controls [aria-pressed="true"]').allTextContents();

  test("is answered by clicks on the producer's name", async () => {
    const page = await open("#/05/everybody", { reducedMotion: true });
    await page.locator(".ask-controls").waitFor();
    assert.deepEqual(await chosen(page), [], "nothing is chosen yet");
    const name = page.locator('[data-key="actor/p1"]');
    const words = [];
    for (let clicks = 0; clicks < 4; clicks += 1) {
      await name.focus();
      await page.keyboard.press("Enter");
      words.push(...await chosen(page));
    }
    assert.deepEqual(words, ["waits", "acknowledged", "failed", "waits"]);
    await page.waitForFunction(() => document.querySelector('[data-key="answer/p1"]'));
    await page.getByRole("button", { name: "Commit answer" }).click();
    await verdict(page).waitFor();
    const { said, right } = await told(page);
    assert.ok(!right);
    assert.match(said, /^You said waits. It is acknowledged/);
    assert.match(said, /What decided it:\s+Producer p1 learns that record p1.3 is stored/);
    await closeClean(page);
  });

  test("by the words beside it, on a phone", async () => {
    const page = await open("#/05/cost", { width: 390, reducedMotion: true });
    await page.locator(".ask-controls").getByRole("button", { name: "failed" }).tap();
    await page.getByRole("button", { name: "Commit answer" }).tap();
    await verdict(page).waitFor();
    const { said, right } = await told(page);
    assert.ok(right, said);
    assert.match(said, /NOT_ENOUGH_REPLICAS/);
    await closeClean(page);
  });
});

test("a knob on the stage is turned where it stands, and turned back", async () => {
  const page = await open("#/05/acks", { reducedMotion: true });
  const isr = page.locator('.stage [data-key="isr"]');
  await isr.waitFor();
  const words = () => page.locator(".stage-words").textContent();
  assert.match(await words(), /ISR \{1, 2, 3\}, min 1/);
  await isr.focus();
  await page.keyboard.press("Enter");
  const act = (name) => page.locator(".acts-list").getByRole("button", { name, exact: true }).click();
  await act("ISR: min.insync.replicas=3");
  await page.waitForFunction(() => /min 3/.test(document.querySelector(".stage-words").textContent));
  await act("Undo");
  await page.waitForFunction(() => /min 1/.test(document.querySelector(".stage-words").textContent));
  await page.locator('.stage [data-key="actor/k1"]').focus();
  await page.keyboard.press("Enter");
  await act("controller k1: unclean.leader.election.enable=true");
  await page.waitForFunction(() => /unclean elections on/.test(document.querySelector(".stage-words").textContent));
  await page.locator('.stage [data-key="actor/p1"]').focus();
  await page.keyboard.press("Enter");
  await act("producer p1: start p4 with acks=1");
  await page.waitForFunction(() => /producer p4: acks=1/.test(document.querySelector(".stage-words").textContent));
  await closeClean(page);
});

describe("the question of the second beat's mark", () => {
  /** The mark before the question; the engine's answer is never written down here, it is read from the stage after. */
  async function openQuestion(options) {
    const page = await open("#/tracer/promise", options);
    await page.locator(".ask-controls").waitFor();
    const begins = Number(await page.locator(".ask input").inputValue());
    assert.equal(begins, (await marks(page))[0], "it begins where the mark is");
    return page;
  }

  async function assertJudged(page, answer) {
    await verdict(page).waitFor();
    await isStill(page);
    const [leader] = await marks(page);
    const right = answer === leader;
    assert.equal(await verdict(page).evaluate((it) => it.classList.contains("right")), right);
    const said = await verdict(page).innerText();
    if (right) assert.match(said, new RegExp(`Yes. It stands at ${leader}`));
    else assert.match(said, new RegExp(`You said ${answer}. It stands at ${leader}`));
    assert.match(said, /What decided it:\s+Broker 1 moves the high watermark/);
  }

  test("rightly, with the mouse", async () => {
    const page = await openQuestion();
    const before = (await marks(page))[0];
    await page.getByRole("button", { name: "One offset more" }).click();
    await page.getByRole("button", { name: "Commit answer" }).click();
    await assertJudged(page, before + 1);
    await closeClean(page);
  });

  test("wrongly, with the mouse, and again", async () => {
    const page = await openQuestion();
    const before = (await marks(page))[0];
    await page.getByRole("button", { name: "Commit answer" }).click();
    await assertJudged(page, before);
    const at = await moment(page);
    await verdict(page).getByRole("button").click();
    assert.equal(await moment(page), at, "to look at the event that decided does not move the run");
    await page.getByRole("tab", { name: "Why" }).click();
    assert.match(await page.locator(".chain li").first().innerText(), /moves the high watermark/);
    await page.getByRole("button", { name: "Ask me again" }).click();
    await page.locator(".ask-controls").waitFor();
    assert.ok(await moment(page) < at, "it stands where it asks again");
    await closeClean(page);
  });

  test("by dragging the flag on the stage", async () => {
    const page = await openQuestion();
    const before = (await marks(page))[0];
    const answer = page.locator('[data-key="answer"]');
    await answer.waitFor();
    const cell = await page.locator('[data-key^="cell/"]').first().boundingBox();
    const flag = await answer.boundingBox();
    await page.mouse.move(flag.x + 12, flag.y + 8);
    await page.mouse.down();
    await page.mouse.move(flag.x + 12 + (cell.width), flag.y + 8, { steps: 8 });
    await page.mouse.up();
    const chosen = Number(await page.locator(".ask input").inputValue());
    assert.ok(chosen > before, `the flag was moved from ${before}, and stands at ${chosen}`);
    await page.getByRole("button", { name: "Commit answer" }).click();
    await assertJudged(page, chosen);
    await closeClean(page);
  });

  test("by touch, on a phone", async () => {
    const page = await openQuestion({ width: 390 });
    const before = (await marks(page))[0];
    await page.getByRole("button", { name: "One offset more" }).tap();
    await page.getByRole("button", { name: "One offset more" }).tap();
    await page.getByRole("button", { name: "Commit answer" }).tap();
    await assertJudged(page, before + 2);
    await closeClean(page);
  });

  test("with keys alone, from the address bar on", async () => {
    const page = await openQuestion();
    const before = (await marks(page))[0];
    const isOn = (name) => page.evaluate((name) => document.activeElement?.getAttribute("aria-label") === name, name);
    for (let tabs = 0; tabs < 60 && !await isOn("Your answer, an offset"); tabs += 1) await page.keyboard.press("Tab");
    assert.ok(await isOn("Your answer, an offset"), "Tab leads to the answer");
    await page.keyboard.press("ArrowUp");
    assert.equal(Number(await page.locator(".ask input").inputValue()), before + 1);
    await page.keyboard.press("Enter");
    await assertJudged(page, before + 1);
    await closeClean(page);
  });

  test("on the stage, with keys alone", async () => {
    const page = await openQuestion();
    const before = (await marks(page))[0];
    await page.locator('[data-key="answer"]').focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await assertJudged(page, before + 1);
    await closeClean(page);
  });

  test("or be shown", async () => {
    const page = await openQuestion();
    await page.getByRole("button", { name: "Show me" }).click();
    await verdict(page).waitFor();
    await isStill(page);
    assert.match(await verdict(page).innerText(), new RegExp(`^It stands at ${(await marks(page))[0]}`));
    await closeClean(page);
  });
});

test("a mark that stays is answered with what told it", async () => {
  const page = await open("#/tracer/one-fetch-late");
  await page.getByRole("button", { name: "One offset more" }).click();
  await page.getByRole("button", { name: "Commit answer" }).click();
  await verdict(page).waitFor();
  assert.match(await verdict(page).innerText(), /You said 6. It stands at 5/);
  const told = /Broker 1 answers broker 2 with 1 record and tells the high watermark as 5/;
  assert.match(await verdict(page).innerText(), told);
  await closeClean(page);
});

test("the steps are walked through with Continue, and every step is reached by its address", async () => {
  const page = await open("#/tracer", { reducedMotion: true });
  const ends = [];
  for (;;) {
    if (await page.locator(".ask-controls").count() > 0) await page.getByRole("button", { name: "Show me" }).click();
    else await page.getByRole("button", { name: "Replay" }).click();
    await isStill(page);
    ends.push([new URL(page.url()).hash, await moment(page)]);
    const on = page.getByRole("link", { name: "Continue" });
    if (await on.count() === 0) break;
    await on.click();
    await page.waitForFunction((hash) => location.hash !== hash, ends.at(-1)[0]);
    // The step's heading has the focus, so that who reads with the ears hears where they are.
    await page.waitForFunction(() => document.activeElement.matches(".beat.open h2"));
  }
  assert.equal(ends.length, 7);
  assert.deepEqual(ends.map(([, at]) => at), ends.map(([, at]) => at).toSorted((a, b) => a - b));
  for (const [at, [hash]] of ends.entries()) {
    if (at === 0) continue;
    const fresh = await open(hash);
    const stands = await moment(fresh);
    await closeClean(fresh);
    assert.ok(stands >= ends[at - 1][1] && stands < ends[at][1], `${hash} stands at ${stands}`);
  }
  await closeClean(page);
});

test("a link may name an event, and stands there", async () => {
  const page = await open("#/tracer/pull?at=120");
  assert.equal(await moment(page), 120);
  assert.match(await page.locator(".beat.open h2").innerText(), /The follower asks/);
  await closeClean(page);
  const beyond = await open("#/tracer?at=99999");
  assert.equal(await moment(beyond),
    await beyond.evaluate(() => Number(document.querySelector(".track").ariaValueMax)));
  await closeClean(beyond);
});

describe("the drawer", () => {
  test("does not tell what is still to come", async () => {
    const page = await open("#/tracer/promise");
    assert.equal(await page.locator(".story-line:visible", { hasText: "high watermark to 6" }).count(), 0);
    await page.getByRole("button", { name: "Show me" }).click();
    await isStill(page);
    assert.equal(await page.locator(".story-line:visible", { hasText: "high watermark to 6" }).count(), 1);
    await closeClean(page);
  });

  test("has tabs that the arrows walk through", async () => {
    const page = await open("#/tracer/pull");
    const at = await moment(page);
    await page.getByRole("tab", { name: "Story" }).focus();
    const shown = [];
    for (let step = 0; step < 7; step += 1) {
      const selected = page.locator('[role="tab"][aria-selected="true"]');
      shown.push(await selected.innerText());
      const label = await page.locator("#drawer-panel").getAttribute("aria-labelledby");
      assert.equal(label, await selected.getAttribute("id"));
      await page.keyboard.press("ArrowRight");
    }
    assert.deepEqual(shown, ["Story", "Why", "Bytes", "Code", "Script", "Space-time", "Metrics"]);
    assert.equal(await page.locator('[aria-selected="true"]').innerText(), "Story", "around the end");
    assert.equal(await moment(page), at, "the arrows of a tab do not play");
    await closeClean(page);
  });

  test("a sentence of the story leads to its moment, and routine events are told when asked", async () => {
    const page = await openAtTheEnd();
    const commands = page.locator(".story-line", { hasText: "Command:" });
    assert.equal(await commands.count(), 0);
    await page.locator(".story-line", { hasText: "Broker 2 asks broker 1 for 5" }).last().click();
    assert.match(await page.locator(".story-line[aria-current]").innerText(), /Broker 2 asks broker 1 for 5/);
    await page.getByLabel("Routine events too").check();
    assert.ok(await commands.count() > 0);
    await closeClean(page);
  });

  test("why: the chain goes back to the command, and each link leads there", async () => {
    const page = await openAtTheEnd();
    await page.locator(".story-line", { hasText: "moves the high watermark to 6" }).click();
    const at = await moment(page);
    await page.getByRole("tab", { name: "Why" }).click();
    const links = page.locator(".chain > li");
    assert.match(await links.first().innerText(), /moves the high watermark to 6/);
    assert.match(await links.last().innerText(), /Command: deliver/);
    await links.nth(1).locator(".event-link").first().click();
    assert.ok(await moment(page) < at);
    await closeClean(page);
  });

  test("code: the rule's source, with the line that decided", async () => {
    const page = await openAtTheEnd();
    await page.locator(".story-line", { hasText: "moves the high watermark to 6" }).click();
    await page.getByRole("tab", { name: "Code" }).click();
    await page.locator(".code-line.marked").waitFor();
    assert.equal(await page.locator(".code-line.marked").count(), 1);
    assert.match(await page.locator(".code-line.marked").innerText(), /Advance::To\(end\)/);
    assert.match(await page.locator(".rule figcaption").innerText(), /core\/src\/rules\/high_watermark\.rs:\d+/);
    await closeClean(page);
  });

  test("bytes: every byte of a batch belongs to a field, and pointing at one shows the other", async () => {
    const page = await open("#/tracer/pull");
    await page.locator('[data-key^="cell/"]').first().click();
    await page.getByRole("tab", { name: "Bytes" }).click();
    await page.locator(".fields tbody tr").first().waitFor();
    const bytes = await page.locator(".byte").count();
    assert.match(await page.locator(".bytes-title").innerText(), new RegExp(`${bytes} bytes`));
    assert.equal(await page.locator('.byte[class*="field-"]').count(), bytes);
    const crc = page.locator(".fields tr", { has: page.getByRole("rowheader", { name: "CRC" }) });
    await crc.focus();
    assert.equal(await page.locator(".byte.pointed").count(), 4);
    const dumped = await page.locator(".byte.pointed").allInnerTexts();
    assert.equal(dumped.join(""), (await crc.locator("td").nth(2).innerText()).trim(), "the value is the bytes");
    await closeClean(page);
  });

  test("script: the line at work is marked, a changed text says its problems and plays", async () => {
    const page = await open("#/tracer/pull");
    await page.getByRole("tab", { name: "Script" }).click();
    assert.equal(await page.locator(".script-line[aria-current]").innerText(), "mark pull");
    await page.getByRole("button", { name: "Change the text" }).click();
    const text = page.getByRole("textbox", { name: "The run's script" });
    await text.fill(`${await text.inputValue()}\nsend p1 key=zoe value=+1\nfrobnicate\n`);
    assert.match(await page.locator(".problems").innerText(), /line \d+, column 1: found `frobnicate`/);
    await page.getByRole("button", { name: "Play this text" }).click();
    assert.match(await page.locator(".forked").innerText(), /A run of its own/);
    await page.locator(".forked").getByRole("button", { name: "Back to the lesson" }).click();
    await page.locator(".forked").waitFor({ state: "detached" });
    await closeClean(page);
  });

  test("on a phone it is a sheet", async () => {
    const page = await open("#/tracer", { width: 390 });
    assert.ok(!await page.getByRole("tablist").isVisible());
    await page.getByRole("button", { name: "Look closer" }).tap();
    assert.ok(await page.getByRole("tablist").isVisible());
    await page.getByRole("tab", { name: "Why" }).tap();
    await page.getByRole("button", { name: "Close", exact: true }).tap();
    assert.ok(!await page.getByRole("tablist").isVisible());
    await closeClean(page);
  });
});

test("acting forks the run, says the first difference, and leaves the lesson as it was", async () => {
  const page = await open("#/tracer/pull");
  const at = await moment(page);
  const words = await page.locator(".stage-words").textContent();
  await page.locator(".acts summary").click();
  await page.locator(".acts-list").getByRole("button", { name: /^Send / }).click();
  await isStill(page);
  const forked = page.locator(".forked");
  assert.match(await forked.innerText(), /Your own run, from event \d+/);
  assert.match(await forked.innerText(), /The first difference\. Without it: .+ In yours: /);
  assert.notEqual(await page.locator(".stage-words").textContent(), words);
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("f");
  await forked.waitFor({ state: "detached" });
  assert.equal(await moment(page), at);
  assert.equal(await page.locator(".stage-words").textContent(), words);
  await closeClean(page);
});

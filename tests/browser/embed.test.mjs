// The lab in somebody else's page: the example course on one origin, the lab on another.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { serve } from "../../tools/server.mjs";
import { DIST, THEMES, appRuns, axeFindsNothing, closeClean, launch, openPage, startSite } from "./harness.mjs";


let browser, lab, course, folder;
before(async () => {
  [browser, lab] = await Promise.all([launch(), startSite()]);
  // A host that has the course page and nothing of the lab, under a strict policy of its own.
  folder = mkdtempSync(join(tmpdir(), "course-"));
  cpSync(join(DIST, "example-course"), folder, { recursive: true, filter: (name) => !/\.(br|gz)$/.test(name) });
  const page = join(folder, "index.html");
  const html = readFileSync(page, "utf8").replace("../embed.js", `${lab.address}embed.js`);
  writeFileSync(page, html.replace(/<link rel="icon"[^>]*>/, '<link rel="icon" href="course.css">'));
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other/index.html"),
    '<!doctype html><title>Another window</title><link rel="icon" href="../course.css">');
  const origin = new URL(lab.address).origin;
  const policy =
    `default-src 'none'; script-src 'self' ${origin}; style-src 'self'; img-src 'self'; frame-src 'self' ${origin}`;
  course = await serve(folder, { headers: { "content-security-policy": policy } });
});
after(async () => {
  await browser?.close();
  await Promise.all([lab?.close(), course?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const WAIT_MS = 10_000;
const host = async (options = {}) => {
  const page = await openPage(browser, course.address, { ...options, waitForApp: false });
  page.setDefaultTimeout(WAIT_MS);
  return page;
};

/** Writes down every message of every stage from now on, as [element id, message]. */
const listen = (page) => page.evaluate(() => {
  window.heard = [];
  for (const type of ["ready", "resize", "state", "progress", "completed", "error"]) {
    document.addEventListener(`kafka-lab-${type}`, ({ target, detail }) => window.heard.push([target.id, detail]));
  }
});
const heard = (page, id, type) => page.evaluate(([id, type]) =>
  window.heard.filter(([of, message]) => of === id && message.type === type).map(([, message]) => message), [id, type]);
const until = (page, id, type, count = 1) => page.waitForFunction(([id, type, count]) =>
  window.heard.filter(([of, message]) => of === id && message.type === type).length >= count, [id, type, count]);
/** The frame inside a <kafka-lab>, once its app runs. */
async function frameOf(page, id) {
  const element = await page.waitForSelector(`#${id} iframe`);
  await element.scrollIntoViewIfNeeded();
  const frame = await element.contentFrame();
  await frame.waitForSelector(".stage svg .cell-box, .stage svg .ruler-number", { state: "attached" });
  return frame;
}
const moment = (frame) => frame.evaluate(() => Number(document.querySelector(".track").getAttribute("aria-valuenow")));
const call = (page, id, method, ...words) =>
  page.evaluate(([id, method, words]) => document.getElementById(id)[method](...words), [id, method, words]);
const lastState = async (page, id) => (await heard(page, id, "state")).at(-1);

/** A page of the course's origin that holds nothing but one bare frame; its messages are kept in `window.heard`. */
async function bareHost(query, options = {}) {
  const page = await openPage(browser, `${course.address}other/`, { ...options, waitForApp: false });
  page.setDefaultTimeout(WAIT_MS);
  await page.evaluate((address) => {
    window.heard = [];
    addEventListener("message", (event) => window.heard.push(event.data));
    const frame = document.createElement("iframe");
    frame.id = "frame";
    frame.src = address;
    frame.width = 360;
    frame.height = 420;
    document.body.append(frame);
  }, `${lab.address}#/embed/v1/${query}`);
  const frame = await (await page.waitForSelector("#frame")).contentFrame();
  await frame.waitForSelector(".embed-page > *", { state: "attached" });
  return { page, frame };
}
const say = (page, message) => page.evaluate((said) => {
  document.getElementById("frame").contentWindow.postMessage(said, "*");
}, message);
const bareHeard = (page, type) => page.evaluate((type) => window.heard.filter((said) => said.type === type), type);
const bareUntil = (page, test, words) => page.waitForFunction(
  ([test, words]) => window.heard.some((said) => Object.entries({ ...test, ...words }).every(([k, v]) =>
    said[k] === v)),
  [test, words]);
const ours = (type, fields = {}) => ({ ns: "kafka-lab", v: 1, id: 1, type, ...fields });

describe("the example course page", () => {
  test("two stages load from the other origin, and each is as high as its content", async () => {
    for (const width of [390, 1440]) {
      const page = await host({ width });
      for (const id of ["first", "second"]) {
        const frame = await frameOf(page, id);
        assert.ok(frame.url().startsWith(lab.address), frame.url());
        await page.waitForFunction((id) => {
          const element = document.getElementById(id).shadowRoot.querySelector("iframe");
          return element.clientHeight !== 420;
        }, id);
        const { inner, content, wide } = await frame.evaluate(() => ({
          inner: innerHeight,
          content: Math.ceil(document.querySelector(".embed").getBoundingClientRect().height),
          wide: document.documentElement.scrollWidth > innerWidth,
        }));
        assert.ok(Math.abs(inner - content) <= 1, `${id} at ${width}: frame ${inner}, content ${content}`);
        assert.ok(!wide, `${id} at ${width} scrolls sideways`);
      }
      await closeClean(page);
    }
  });

  test("a stage plays, pauses, is sought, and reports; played through, it is completed", async () => {
    const page = await host({ reducedMotion: false });
    await listen(page);
    const frame = await frameOf(page, "first");
    await page.waitForFunction(() => document.querySelector("#reports").textContent.includes("first ready"));
    await call(page, "first", "seek", 20);
    await frame.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "20");
    await page.locator("#play").click();
    await frame.waitForFunction(() => Number(document.querySelector(".track").getAttribute("aria-valuenow")) > 24);
    await page.locator("#pause").click();
    await page.waitForFunction(() => window.heard.filter(([of, { type }]) => of === "first" &&
      type === "state").at(-1)[1]
      .playing === false);
    const state = await lastState(page, "first");
    assert.equal(state.moment, await moment(frame));
    assert.deepEqual([state.scene, state.forked, state.playing], ["tracer", false, false]);
    assert.equal((await heard(page, "first", "completed")).length, 0);

    await call(page, "first", "seek", 0);
    // As fast as it goes.
    await frame.locator(".transport select").first().selectOption({ index: 4 });
    // Only what is in view runs.
    await page.evaluate(() => scrollTo(0, 0));
    await call(page, "first", "play");
    await page.waitForFunction(() => window.heard.some(([of, { type }]) => of === "first" &&
      type === "completed"), null,
      { timeout: 120_000 });
    const [{ scene, statement }] = await heard(page, "first", "completed");
    assert.equal(scene, "tracer");
    assert.equal(statement.verb.id, "http://adlnet.gov/expapi/verbs/completed");
    assert.equal(statement.object.id, `${lab.address}tracer/`);
    assert.equal(statement.result.completion, true);
    assert.match(statement.result.duration, /^PT[\d.]+S$/);
    assert.equal(statement.actor, undefined);
    const progress = (await heard(page, "first", "progress")).at(-1);
    assert.equal(progress.seen, progress.beats);
    // The last state is told when the stage has come to rest.
    await page.waitForFunction(() => {
      const states = window.heard.filter(([of, { type }]) => of === "first" && type === "state");
      const [, { moment, end, playing }] = states.at(-1);
      return moment === end && !playing;
    });
    assert.equal((await heard(page, "first", "error")).length, 0);
    await closeClean(page);
  });

  test("the wasm is fetched once for both stages", async () => {
    const page = await host();
    const fetched = [];
    for (const id of ["first", "second"]) {
      const frame = await frameOf(page, id);
      fetched.push(await frame.evaluate(() => {
        const wasm = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("_bg.wasm"));
        return Math.max(...wasm.map(({ transferSize }) => transferSize));
      }));
    }
    // Whichever was quicker: the other takes it from the cache.
    const [none, all] = fetched.sort((a, b) => a - b);
    assert.equal(none, 0);
    assert.ok(all > 100_000, `${all} bytes`);
    await closeClean(page);
  });

  test("a stage out of view does not run, and goes on where it was", async () => {
    const page = await host();
    await listen(page);
    const frame = await frameOf(page, "first");
    await call(page, "first", "seek", 0);
    await call(page, "first", "play");
    await frame.waitForFunction(() => Number(document.querySelector(".track").getAttribute("aria-valuenow")) > 3);
    await page.locator("#reports").scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const stood = await moment(frame);
    await page.waitForTimeout(1_500);
    assert.equal(await moment(frame), stood);
    assert.equal((await lastState(page, "first")).playing, true);
    await page.evaluate(() => scrollTo(0, 0));
    await frame.waitForFunction((stood) => Number(document.querySelector(".track").getAttribute(
      "aria-valuenow")) > stood,
      stood);
    await closeClean(page);
  });

  test("the theme follows the host, and what the host says", async () => {
    const page = await host({ theme: "dark" });
    const frame = await frameOf(page, "first");
    const theme = (frame) => frame.evaluate(() => document.documentElement.dataset.theme);
    assert.equal(await theme(frame), "dark");
    await page.emulateMedia({ colorScheme: "light" });
    await frame.waitForFunction(() => document.documentElement.dataset.theme === "light");
    // A host with a switch of its own.
    await page.evaluate(() => { document.documentElement.style.colorScheme = "dark"; });
    await frame.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await page.evaluate(() => document.getElementById("first").setAttribute("theme", "light"));
    await frame.waitForFunction(() => document.documentElement.dataset.theme === "light");
    await closeClean(page);
  });

  test("without script the link stands in the stage's place", async () => {
    const page = await openPage(browser, course.address, { script: false });
    assert.ok(await page.locator("#first a").isVisible());
    await page.context().close();
  });
});

describe("messages", () => {
  test("a foreign window's change nothing", async () => {
    const page = await host();
    await listen(page);
    const frame = await frameOf(page, "first");
    await until(page, "first", "ready");
    await call(page, "first", "seek", 30);
    await frame.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "30");
    const before = await page.evaluate(() => window.heard.length);
    const height = () => page.evaluate(() => document.getElementById("first").shadowRoot.querySelector(
      "iframe").style.height);
    const high = await height();
    const strangers = await page.evaluate(async (address) => {
      const sibling = document.createElement("iframe");
      sibling.src = address;
      document.body.append(sibling);
      await new Promise((done) => { sibling.onload = done; });
      return frames.length;
    }, `${course.address}other/`);
    assert.ok(strangers >= 1);
    const sibling = page.frames().find((other) => other.url().endsWith("/other/"));
    const attack = ([order, lie]) => {
      // Every window that can be reached: the host, and each frame of it.
      const above = window.opener ?? parent;
      for (let at = 0; at < above.frames.length; at += 1) above.frames[at].postMessage(order, "*");
      above.postMessage(lie, "*");
    };
    const order = ours("seek", { moment: 1 });
    const lie = ours("resize", { height: 5_000 });
    await sibling.evaluate(attack, [order, lie]);
    const [popup] = await Promise.all([
      page.context().waitForEvent("page"),
      page.evaluate((address) => { window.open(address); }, `${course.address}other/`),
    ]);
    await popup.waitForLoadState();
    await popup.evaluate(attack, [order, lie]);
    // A frame in a shadow root is not among window.frames: what a stranger would say to it is said to it directly.
    await frame.evaluate((order) => {
      window.dispatchEvent(new MessageEvent("message", { data: order, origin: "https://evil.example", source:
        parent }));
      window.dispatchEvent(new MessageEvent("message", { data: order, origin: location.origin, source: window }));
    }, order);
    await page.waitForTimeout(500);
    assert.equal(await moment(frame), 30);
    assert.equal(await height(), high);
    assert.equal(await page.evaluate(() => window.heard.length), before);
    await popup.close();
    await page.context().close();
  });

  test("from another origin than the first that spoke are not heard", async () => {
    const { page, frame } = await bareHost("tracer");
    await bareUntil(page, { type: "ready" });
    await say(page, ours("seek", { moment: 12 }));
    await frame.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "12");
    await frame.evaluate((order) => {
      window.dispatchEvent(new MessageEvent("message", { data: order, origin: "https://evil.example", source:
        parent }));
    }, ours("seek", { moment: 1 }));
    await page.waitForTimeout(300);
    assert.equal(await moment(frame), 12);
    await closeClean(page);
  });

  test("of another frame on the host's page change nothing, though it has the host's origin", async () => {
    const { page, frame } = await bareHost("tracer");
    await bareUntil(page, { type: "ready" });
    await say(page, ours("seek", { moment: 12 }));
    await frame.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "12");
    await page.evaluate(async (address) => {
      const sibling = document.createElement("iframe");
      sibling.src = address;
      document.body.append(sibling);
      await new Promise((done) => { sibling.onload = done; });
    }, `${course.address}other/`);
    const sibling = page.frames().find((other) => other !== page.mainFrame() && other.url().endsWith("/other/"));
    const reached = await sibling.evaluate((order) => {
      parent.frames[0].postMessage(order, "*");
      return parent.frames.length;
    }, ours("seek", { moment: 1 }));
    assert.equal(reached, 2, "the lab's frame is one that the sibling can list");
    await page.waitForTimeout(300);
    assert.equal(await moment(frame), 12);
    // The host itself is still heard.
    await say(page, ours("seek", { moment: 14 }));
    await frame.waitForFunction(() => document.querySelector(".track").getAttribute("aria-valuenow") === "14");
    await closeClean(page);
  });

  test("that are not understood are ignored and reported once", async () => {
    const { page, frame } = await bareHost("tracer?theme=neon&colour=red");
    await bareUntil(page, { type: "ready" });
    const at = await moment(frame);
    for (const round of [1, 2, 3]) {
      for (const said of [ours("jump"), ours("seek", { moment: "x" }), ours("seek", { beat: "nowhere" }), ours("theme"),
        { ...ours("play"), v: 2 }, { something: "else", round }, "text", null, 7, [1, 2], ours("load", { scene:
          "99" })]) {
        await say(page, said);
      }
    }
    await say(page, ours("load", { script: "nonsense\nsend p1\n" }));
    await bareUntil(page, { type: "error", place: "load.script" });
    const errors = await bareHeard(page, "error");
    const count = (place) => errors.filter((error) => error.place === place).length;
    for (const place of ["?theme", "?colour", "type", "seek.moment", "seek.beat", "theme.theme", "v", "ns",
      "load.scene"]) {
      assert.equal(count(place), 1, `${place}: ${JSON.stringify(errors)}`);
    }
    const line = errors.find((error) => error.place === "load.script");
    assert.deepEqual([line.line, line.column], [1, 1]);
    assert.match(line.message, /nonsense/);
    assert.ok(at >= 0);
    await closeClean(page);
  });

  test("bring a script, another scene, and the lesson back", async () => {
    const { page, frame } = await bareHost("tracer");
    await bareUntil(page, { type: "ready" });
    await say(page, ours("load", { script: "cluster brokers=1\nproducer p1\nsend p1 a 1\n" }));
    await bareUntil(page, { type: "state", forked: true });
    const beats = (await bareHeard(page, "ready"))[0].beats;
    await say(page, ours("load", { beat: beats[1] }));
    await bareUntil(page, { type: "state", forked: false, beat: beats[1] });
    await say(page, ours("load", { scene: "02" }));
    await bareUntil(page, { type: "ready", scene: "02" });
    assert.match(frame.url(), /#\/embed\/v1\/02/);
    await page.context().close();
  });

  test("to pause stop two runs that are compared", async () => {
    const { page, frame } = await bareHost("tracer?panels=drawer");
    await frame.locator(".acts summary").first().click();
    await frame.locator(".acts-list").getByRole("button", { name: /^Send / }).first().click();
    await frame.getByRole("button", { name: "Compare both runs" }).click();
    await frame.waitForFunction(() => document.querySelectorAll(".compare-side").length === 2);
    await say(page, ours("pause"));
    await say(page, ours("seek", { moment: 0 }));
    await say(page, ours("play"));
    const says = (word) => frame.waitForFunction((word) =>
      document.querySelector(".transport-play").textContent.trim() === word, word);
    await says("Pause");
    await say(page, ours("pause"));
    await says("Play");
    await closeClean(page);
  });

  test("of an H5P resizer and of Canvas are spoken too", async () => {
    const { page } = await bareHost("tracer");
    await bareUntil(page, { type: "ready" });
    await bareUntil(page, { context: "h5p", action: "hello" });
    await page.waitForFunction(() => window.heard.some(({ subject, height }) => subject === "lti.frameResize" &&
      height > 300));
    await say(page, { context: "h5p", action: "hello" });
    await bareUntil(page, { context: "h5p", action: "prepareResize" });
    await say(page, { context: "h5p", action: "resizePrepared" });
    await bareUntil(page, { context: "h5p", action: "resize" });
    const heights = await page.evaluate(() => window.heard.flatMap(({ height, scrollHeight }) =>
      [height ?? scrollHeight ?? []])
      .flat());
    assert.equal(new Set(heights).size, 1, `one height, whoever asks: ${heights}`);
    assert.deepEqual(await bareHeard(page, "error"), []);
    await closeClean(page);
  });
});

describe("an address", () => {
  test("of an unknown version or scene shows what was expected", async () => {
    for (const route of ["#/embed/v2/02", "#/embed/v1/99", "#/embed"]) {
      const page = await openPage(browser, lab.address + route);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const text = await page.locator("main").innerText();
      assert.ok(text.includes(route) && text.includes("#/embed/v1/02"), text);
      assert.equal(await page.locator(".header").count(), 0);
      await closeClean(page);
    }
  });

  test("says what is shown", async () => {
    const page = await openPage(browser,
      `${lab.address}#/embed/v1/02?panels=prose&controls=0&text=1.5&lang=fr&theme=dark`);
    await page.locator(".beats").first().waitFor();
    assert.equal(await page.locator(".transport").count(), 0);
    assert.equal(await page.locator(".drawer").count(), 0);
    assert.match(await page.locator(".embed-note").innerText(), /fr/);
    const [theme, size] = await page.evaluate(() =>
      [document.documentElement.dataset.theme, getComputedStyle(document.documentElement).fontSize]);
    assert.deepEqual([theme, size], ["dark", "24px"]);
    const next = await page.locator(".beat-controls a").first().getAttribute("href");
    assert.match(next, /^#\/embed\/v1\/02\?.*beat=/);
    await page.locator(".beat-controls a").first().click();
    await page.waitForFunction(() => document.querySelectorAll(".beat")[1].classList.contains("open"));
    await closeClean(page);
  });

  test("fits the smallest frame without a sideways scroll", async () => {
    for (const query of ["tracer", "02?panels=prose,drawer"]) {
      const { page, frame } = await bareHost(query);
      await frame.waitForSelector(".stage svg", { state: "attached" });
      const [scroll, inner] = await frame.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(scroll <= inner, `${query}: ${scroll} in ${inner}`);
      const play = await frame.locator(".transport-play").boundingBox();
      const at = await page.locator("#frame").boundingBox();
      if (query === "tracer") assert.ok(play.y + play.height <= at.y + at.height, "the transport is in sight");
      await closeClean(page);
    }
  });

  for (const theme of THEMES) {
    for (const query of ["tracer", "02?panels=prose,drawer", "99"]) {
      test(`${query} passes axe, ${theme}`, async () => {
        const page = await openPage(browser, `${lab.address}#/embed/v1/${query}`, { width: 390, theme,
          reducedMotion: true });
        await page.locator(".embed-page > *").first().waitFor();
        if (query.includes("drawer")) await page.locator(".drawer").waitFor({ state: "attached" });
        await axeFindsNothing(page, query);
        await page.context().close();
      });
    }
  }
});

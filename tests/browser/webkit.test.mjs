// A third engine: WebKit as GTK has it, driven over W3C WebDriver. It has no mode without a screen, so it gets one that
// nobody sees. Where driver or screen is missing these tests are skipped: not every system has them to install.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { ROOT, builtPages, programOnPath, startSite } from "./harness.mjs";

const WAIT_MS = 30_000;
// What WebDriver calls an element in its answers.
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A program's place; undefined where it is not installed. */
function ifOnPath(name) {
  try {
    return programOnPath(name);
  } catch {
    return undefined;
  }
}

const driverProgram = ifOnPath("WebKitWebDriver");
const screenProgram = ifOnPath("Xvfb");
const missing = [["WebKitWebDriver", driverProgram], ["Xvfb", screenProgram]].filter(([, place]) => !place);
const skip = missing.length > 0 && `not installed: ${missing.map(([name]) => name).join(", ")}`;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((done) => { server.close(done); });
  return port;
}

/** Repeats `look` until it gives something, and gives that. */
async function until(look, what) {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`waited ${WAIT_MS / 1000} s in vain: ${what}`);
}

describe("in WebKit", { skip }, () => {
  let site, screen, driver, address, session;

  /** One command of WebDriver. */
  async function ask(method, path, body) {
    const answer = await fetch(`${address}${path}`, {
      method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(WAIT_MS),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
  /** Runs a function in the page; it must stand by itself. */
  const run = (code, ...args) =>
    ask("POST", `${session}/execute/sync`, { script: `return (${code}).apply(null, arguments)`, args });
  /** Opens a page and waits until the app has taken it over. */
  const go = async (path) => {
    await ask("POST", `${session}/url`, { url: site.address + path });
    const state = await until(() => run(() => document.documentElement.dataset.app), "the app says how it is");
    assert.equal(state, "running");
  };
  const find = async (selector) =>
    (await ask("POST", `${session}/element`, { using: "css selector", value: selector }))[ELEMENT];
  const click = async (selector) => ask("POST", `${session}/element/${await find(selector)}/click`, {});
  const there = (selector) =>
    until(() => run((wanted) => document.querySelector(wanted) !== null, selector), `${selector} is there`);
  const says = (text) =>
    until(() => run((wanted) => document.querySelector("main").innerText.includes(wanted), text), `it says ${text}`);

  before(async () => {
    site = await startSite({ base: "/in/webkit/" });
    screen = spawn(screenProgram, ["-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
      { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const [display] = await once(screen.stdio[3], "data", { signal: AbortSignal.timeout(WAIT_MS) });
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    driver = spawn(driverProgram, [`--port=${port}`], {
      env: { ...process.env, DISPLAY: `:${String(display).trim()}`, GDK_BACKEND: "x11" }, stdio: "ignore",
    });
    await until(() => ask("GET", "/status").then(({ ready }) => ready, () => false), "the driver is ready");
    const { sessionId } = await ask("POST", "/session", { capabilities: {} });
    session = `/session/${sessionId}`;
  });
  after(async () => {
    if (session) await ask("DELETE", session);
    driver?.kill();
    screen?.kill();
    await site?.close();
  });

  for (const folder of builtPages()) {
    test(`/${folder} starts`, async () => {
      await go(folder && `${folder}/`);
      assert.ok((await run(() => document.querySelector("h1").textContent)).length > 3);
    });
  }

  test("scene 02 plays from its hook into its first step, and judges an answer", async () => {
    // Only what is in view runs: both worlds are.
    await ask("POST", `${session}/window/rect`, { x: 0, y: 0, width: 1500, height: 1000 });
    await go("02/");
    await click(".hook-controls .button.primary");
    await until(() => run(() => {
      const words = [...document.querySelectorAll(".stage-words")].map((stage) => stage.textContent);
      return /log 10 to 10.*c3: position 10/s.test(words[0]) && /log 0 to 10.*c3: position 10/s.test(words[1]);
    }), "the third program has come in both worlds");
    await click(".beat-controls a");
    await there(".ask-controls");
    await click(".ask-controls .button.primary");
    await there(".verdict");
  });

  test("a scene is drawn, plays, and has its panels", async () => {
    await go("tracer/");
    await there(".stage-late .drawer");
    // WebDriver has no diary of the console. What goes wrong from here on is noted by the page itself.
    await run(() => {
      window.noted = [];
      for (const kind of ["error", "unhandledrejection", "securitypolicyviolation"]) {
        addEventListener(kind, (event) => {
          window.noted.push(`${kind}: ${event.message ?? event.reason ?? event.blockedURI}`);
        });
      }
    });
    assert.ok(await run(() => document.querySelectorAll(".stage svg *").length) >= 10);
    const place = () => run(() => document.querySelector(".transport-place").textContent);
    const first = await place();
    await click(".transport-play");
    await until(async () => (await place()) !== first, "the scene plays");
    assert.deepEqual(await run(() => window.noted), []);
  });

  test("the page about segments reads a file, and goes to a place of it", async () => {
    await go("segments/");
    await there(".segments-tape svg .cell-gap");
    const broken = join(ROOT, "tests/fixtures/kafka-4.3.1/09-corrupted/crc-bit-flipped/00000000000000000000.log");
    const field = await find("input[type=file]:not([webkitdirectory])");
    await ask("POST", `${session}/element/${field}/value`, { text: broken });
    await says("CRC is stored as 245a4dcf");
    await click(".segments-findings button");
    await says("Bytes at 366");
  });
});

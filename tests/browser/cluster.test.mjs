// A cluster that can fail, acted upon: a broker is chosen with the keyboard, dies, comes back, and it is undone; what
// has not happened is asked, and helped; metrics are read.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axeFindsNothing, closeClean, launch, openPage, startSite } from "./harness.mjs";


let browser, site;
before(async () => { [browser, site] = await Promise.all([launch(), startSite()]); });
after(async () => { await browser.close(); await site.close(); });

const SCRIPT = `cluster brokers=3 controllers=1 min.insync.replicas=2
producer p1 linger.ms=0
send p1 key=ada value=+50
wait 1000
`;

const stands = (page) => page.waitForFunction(() => {
  const play = document.querySelector(".transport-play");
  return play && play.textContent.trim() === "Play";
});
const act = (page, name) => page.locator(".acts-list").getByRole("button", { name, exact: true });

/** The sandbox with a cluster of three and its controller, at its end. */
async function cluster(options = {}) {
  const page = await openPage(browser, `${site.address}#/sandbox`, { reducedMotion: true, ...options });
  await page.locator(".drawer").waitFor({ state: "attached" });
  const open = page.locator(".drawer-open");
  if (await open.isVisible()) await open.click();
  await page.getByRole("tab", { name: "Script" }).click();
  await page.getByRole("button", { name: "Change the text" }).click();
  await page.locator(".drawer textarea").fill(SCRIPT);
  await page.getByRole("button", { name: "Play this text" }).click();
  await stands(page);
  await page.locator(".track").press("End");
  await stands(page);
  return page;
}

test("a broker is chosen by keyboard, dies, comes back, and all of it is undone", async () => {
  const page = await cluster();
  await page.locator(".acts summary").first().click();
  const choice = page.locator(".acts-choice").getByRole("button", { name: "broker 3" });
  await choice.focus();
  await page.keyboard.press("Enter");
  assert.equal(await choice.getAttribute("aria-pressed"), "true");
  assert.equal(await act(page, "broker 3: start").count(), 0, "what runs can't be started");
  await act(page, "broker 3: crash").focus();
  await page.keyboard.press("Enter");
  await stands(page);
  await act(page, "broker 3: start").waitFor();
  assert.equal(await act(page, "broker 3: crash").count(), 0, "what is down can't die");
  await act(page, "broker 3: start").click();
  await stands(page);
  await act(page, "broker 3: crash").waitFor();
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.click();
  await act(page, "broker 3: start").waitFor();
  await undo.click();
  await act(page, "broker 3: crash").waitFor();
  assert.equal(await page.locator(".acts-choice").count(), 1, "one thing at a time");
  await axeFindsNothing(page, "acting");
  await closeClean(page);
});

test("what is chosen on the stage is what is acted upon", async () => {
  const page = await cluster();
  await page.locator(".acts summary").first().click();
  await page.locator('[data-key="name/b2"]').first().click();
  await act(page, "broker 2: freeze").waitFor();
  await closeClean(page);
});

test("why a record is not acknowledged, and what helps, is told and done", async () => {
  const page = await cluster();
  await page.locator(".acts summary").first().click();
  await page.locator(".acts-choice").getByRole("button", { name: "broker 3" }).click();
  await act(page, "broker 3: freeze").click();
  await stands(page);
  await page.locator(".acts-list").getByRole("button", { name: /^Send / }).first().click();
  await stands(page);
  await page.getByRole("tab", { name: "Why" }).click();
  const reasons = page.locator(".reasons");
  assert.match(await reasons.innerText(), /Broker 3 stands still\./);
  await axeFindsNothing(page, "why");
  await reasons.getByRole("button", { name: "thaw 3" }).first().click();
  // Where the stage is off the screen its end is shown at once: what is read here does not wait for it.
  await stands(page);
  assert.doesNotMatch(await page.locator(".drawer-panel").innerText(), /Broker 3 stands still\.\s*What would/);
  await closeClean(page);
});

test("the metrics are read, one is plotted, and a place on the plot is gone to", async () => {
  const page = await cluster();
  await page.getByRole("tab", { name: "Metrics" }).click();
  const row = page.locator(".metric-table tr", { hasText: "MessagesInPerSec" });
  assert.equal(await row.locator(".metric-total").innerText(), "1");
  await row.getByRole("button").click();
  const slider = page.getByRole("slider", { name: /^The metric over the run/ });
  const now = () => slider.getAttribute("aria-valuenow").then(Number);
  const end = await now();
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  const appended = await now();
  assert.ok(appended < end, `${appended} is before ${end}`);
  assert.match(await slider.getAttribute("aria-valuetext"), new RegExp(`^After event ${appended} .*: 1$`));
  await page.keyboard.press("Home");
  assert.equal(await row.count() ? await page.locator(".metric-table tbody tr").count() : 0, 0);
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + box.width - 2, box.y + 10);
  assert.ok(await now() > appended, "a click seeks");
  await axeFindsNothing(page, "metrics");
  await closeClean(page);
});

test("on a phone each act can be touched", async () => {
  const page = await cluster({ width: 390 });
  const close = page.locator(".drawer-open");
  if ((await close.textContent()).includes("Close")) await close.click();
  await page.locator(".acts summary").first().click();
  await page.locator(".acts-choice").getByRole("button", { name: "broker 2" }).click();
  await act(page, "broker 2: crash").waitFor();
  const small = await page.locator(".acts-list button").evaluateAll((buttons) =>
    buttons.map((button) => [button.textContent, button.getBoundingClientRect().height])
      .filter(([, height]) => height < 44));
  assert.deepEqual(small, []);
  await closeClean(page);
});

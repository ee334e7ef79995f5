// What a page does on its main thread, frame by frame, as Chromium's own trace tells it.

/** The value below which `part` of the sorted numbers lie. */
export const share = (sorted, part) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;

/**
 * Watches a page for `seconds`. Gives { frames, workMs, lateShare }: how many frames there were, the sorted
 * milliseconds of main-thread work in each (script, style, layout and paint; the thread's own time, where it is told:
 * what another process takes is not work of the page), and the share of frames that came more
 * than half a frame late. The page must draw in every frame; one that stands still has no frames.
 */
export async function watchFrames(browser, page, seconds) {
  await browser.startTracing(page, {
    categories: ["-*", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await page.waitForTimeout(seconds * 1000);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());

  // The thread on which the animation callbacks run is the page's main thread.
  const fired = traceEvents.filter((event) => event.name === "FireAnimationFrame");
  const key = (event) => `${event.pid}/${event.tid}`;
  const counts = new Map();
  for (const event of fired) counts.set(key(event), (counts.get(key(event)) ?? 0) + 1);
  const [main] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const ours = traceEvents.filter((event) => key(event) === main).sort((a, b) => a.ts - b.ts);
  const tasks = outermost(ours.filter((event) => event.ph === "X" && /RunTask$/.test(event.name)));

  // A frame is a task in which animation callbacks ran; its work is that task's and of those until the next frame.
  const callbacks = ours.filter((event) => event.name === "FireAnimationFrame").map((event) => event.ts);
  const starts = [];
  const work = [];
  for (const { ts, dur, tdur } of tasks) {
    let draws = false;
    while (callbacks.length > 0 && callbacks[0] <= ts + dur) draws = callbacks.shift() >= ts || draws;
    if (draws) {
      starts.push(ts);
      work.push(0);
    }
    if (work.length > 0) work[work.length - 1] += (tdur ?? dur) / 1000;
  }
  const gaps = starts.slice(1).map((start, index) => (start - starts[index]) / 1000);
  return {
    frames: starts.length,
    workMs: work.sort((a, b) => a - b),
    lateShare: gaps.filter((ms) => ms > 25).length / Math.max(1, gaps.length),
  };
}

/** Leaves out tasks that ran inside another, whose time they are part of. */
function outermost(tasks) {
  let end = Number.NEGATIVE_INFINITY;
  return tasks.filter(({ ts, dur }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}

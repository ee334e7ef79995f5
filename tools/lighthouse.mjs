// usage: node tools/lighthouse.mjs FOLDER PAGE…      (called by ./lab lighthouse, which says what it does)
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { serve } from "./server.mjs";

const RUNS = 3;
/** The least score of each category, by Lighthouse's name of it. */
const WANTED = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 };
const CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run";
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index"];

const points = (report, category) => Math.round(report.categories[category].score * 100);

// The program and not the package: a run in a process of its own leaves nothing warm for the next one.
async function ask(address) {
  const words = [address, "--quiet", "--output=json", `--chrome-flags=${CHROMIUM}`];
  const { stdout } = await promisify(execFile)("lighthouse", words, { maxBuffer: 2 ** 26 });
  const report = JSON.parse(stdout);
  if (report.runtimeError) throw new Error(`lighthouse could not look at ${address}: ${report.runtimeError.message}`);
  return report;
}

/** What cost points in a category, a line each, with the first places in the page that it is about. */
function costly(report, category) {
  const counted = report.categories[category].auditRefs.filter(({ weight }) => weight > 0);
  const failed = counted.map(({ id }) => report.audits[id]).filter(({ score }) => score !== null && score < 1);
  return failed.map(({ id, title, displayValue, details }) => {
    const places = (details?.items ?? []).flatMap((item) => item.node?.selector ?? item.description ?? []);
    return [`      ${id}: ${title}`, displayValue, ...places.slice(0, 5)].filter(Boolean).join("; ");
  });
}

const [folder, ...pages] = process.argv.slice(2);
const site = await serve(folder);
let fine = true;
for (const page of pages) {
  const reports = [];
  for (let run = 0; run < RUNS; run += 1) reports.push(await ask(site.address + (page && `${page}/`)));
  reports.sort((a, b) => points(a, "performance") - points(b, "performance"));
  const report = reports[(RUNS - 1) / 2];
  const all = reports.map((one) => points(one, "performance")).join(", ");
  console.log(`/${page}   (performance of all runs: ${all})`);
  for (const [category, least] of Object.entries(WANTED)) {
    const have = points(report, category);
    console.log(`  ${report.categories[category].title.padEnd(16)}${String(have).padStart(4)}   at least ${least}`);
    if (have >= least) continue;
    fine = false;
    for (const line of costly(report, category)) console.log(line);
  }
  console.log(`  ${TIMES.map((id) => `${id} ${report.audits[id].displayValue}`).join(", ")}`);
}
await site.close();
process.exit(fine ? 0 : 1);

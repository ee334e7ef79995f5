// What `./lab serve` answers: the documented headers, packed files, and nothing outside the site.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { DIST, startSite } from "./harness.mjs";

let site;
before(async () => { site = await startSite({ base: "/lab/" }); });
after(() => site.close());

// Not fetch(), which tidies the path before it asks.
const ask = (path, headers = {}) => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(site.address);
  request({ hostname, port, path, headers }, (answer) => {
    answer.resume();
    answer.on("end", () => resolve(answer));
  }).on("error", reject).end();
});
/** The largest file with this ending: what is tiny is not packed. */
const named = (ending) => readdirSync(DIST).filter((name) => name.endsWith(ending))
  .sort((a, b) => statSync(join(DIST, b)).size - statSync(join(DIST, a)).size)[0];

test("a page carries the content security policy and is asked for again each time", async () => {
  const { statusCode, headers } = await ask("/lab/");
  assert.equal(statusCode, 200);
  assert.match(headers["content-security-policy"], /default-src 'none'.*script-src 'self' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(headers["content-security-policy"], /unsafe-inline|'unsafe-eval'/);
  assert.match(headers["content-security-policy"], /frame-ancestors \*/);
  assert.equal(headers["cache-control"], "no-cache");
});

test("a hashed file may be kept for ever, and comes packed when the browser takes it so", async () => {
  const path = `/lab/${named(".wasm")}`;
  const packed = await ask(path, { "accept-encoding": "gzip, br" });
  assert.equal(packed.headers["content-encoding"], "br");
  assert.equal(packed.headers["content-type"], "application/wasm");
  assert.match(packed.headers["cache-control"], /immutable/);
  const zipped = await ask(path, { "accept-encoding": "gzip" });
  assert.equal(zipped.headers["content-encoding"], "gzip");
  const plain = await ask(path);
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.ok(Number(plain.headers["content-length"]) > Number(packed.headers["content-length"]));
});

test("nothing outside the site is served", async () => {
  for (const path of ["/", "/lab/../Cargo.toml", "/lab/%2e%2e/Cargo.toml", "/lab/..%2fCargo.toml", "/lab/none.js"]) {
    assert.equal((await ask(path)).statusCode, 404, path);
  }
  assert.equal((await ask("/lab/%")).statusCode, 400);
  const bare = await ask("/lab");
  assert.equal(bare.statusCode, 301);
  assert.equal(bare.headers.location, "/lab/");
});

// Serves a built site on this machine only, with the headers that a host should set (README: Hosting).
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const POLICY_FILE = new URL("../web/site/policy.txt", import.meta.url);

/** The content security policy as one header line. */
export const policy = () => readFileSync(POLICY_FILE, "utf8").trim().split("\n").join("; ");

// A name with a hash in it never means another content.
const isHashed = (path) => /-[0-9a-f]{16}(_bg)?\.\w+$/.test(path);

/** The file that a request means, or undefined; never one outside the folder. */
function fileFor(folder, path) {
  const file = normalize(join(folder, path));
  if (file !== folder && !file.startsWith(folder + sep)) return undefined;
  if (!existsSync(file)) return undefined;
  if (!statSync(file).isDirectory()) return file;
  const index = join(file, "index.html");
  return existsSync(index) ? index : undefined;
}

/** The packed copy that the browser takes, as [file, encoding]. */
function packed(file, accepted) {
  for (const [encoding, ending] of [["br", ".br"], ["gzip", ".gz"]]) {
    if (accepted.split(/[\s,]+/).some((word) => word.split(";")[0] === encoding) && existsSync(file + ending)) {
      return [file + ending, encoding];
    }
  }
  return [file, undefined];
}

function answer(request, response, { folder, base, headers }) {
  const say = (status, text, headers = {}) => {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
    response.end(`${text}\n`);
  };
  if (!["GET", "HEAD"].includes(request.method)) return say(405, "GET or HEAD only", { allow: "GET, HEAD" });
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return say(400, "That address can't be read.");
  }
  if (path + "/" === base) return say(301, base, { location: base });
  const file = path.startsWith(base) && !path.includes("\0") ? fileFor(folder, path.slice(base.length)) : undefined;
  if (file === undefined) return say(404, `Not found: ${path}`);
  // Relative addresses in a page need the slash at the end.
  if (file.endsWith("index.html") && !/\/(index\.html)?$/.test(path)) return say(301, path, { location: `${path}/` });

  const [body, encoding] = packed(file, request.headers["accept-encoding"] ?? "");
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-length": statSync(body).size,
    "cache-control": isHashed(file) ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": policy(),
    ...headers,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
    ...(encoding && { "content-encoding": encoding }),
  });
  if (request.method === "HEAD") return response.end();
  createReadStream(body).on("error", () => response.destroy()).pipe(response);
}

/**
 * Serves `folder` under the path `base` (with slashes at both ends); `headers` go before those of every site.
 * Port 0 takes any free one. Gives { address, close }; fails if the port is taken.
 */
export function serve(folder, { port = 0, base = "/", headers = {} } = {}) {
  folder = normalize(folder).replace(/[/\\]+$/, "");
  const server = createServer((request, response) => answer(request, response, { folder, base, headers }));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
      resolve({ address: `http://127.0.0.1:${server.address().port}${base}`, close });
    });
  });
}

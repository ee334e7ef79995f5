// usage: node tools/serve.mjs FOLDER PORT yes|no      (called by ./lab serve; the last word says whether to open it)
import { spawn } from "node:child_process";

import { serve } from "./server.mjs";

const [folder, port, open] = process.argv.slice(2);
try {
  const { address } = await serve(folder, { port: Number(port) });
  console.log(`\n  The lab is at ${address}     (Ctrl-C ends it)\n`);
  if (open === "yes") {
    const opener = process.platform === "darwin" ? "open" : "xdg-open";
    const browser = spawn(opener, [address], { stdio: "ignore", detached: true });
    browser.on("error", () => console.error(`lab: '${opener}' was not found; open the address by hand`));
    browser.unref();
  }
} catch (problem) {
  if (problem.code !== "EADDRINUSE") throw problem;
  console.error(`lab: port ${port} is taken. Name another: ./lab serve --port ${Number(port) + 1}`);
  process.exit(1);
}

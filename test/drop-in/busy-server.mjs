// Writes down, before anybody else can know of it, which requests it was given and what became of
// them: `accepted /stream/7`, then `finished …` or `left …`. It knows nothing of telemetry.
import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const [log = "", graceMs] = process.argv.slice(2);
const file = openSync(log, "a");
const server = createServer((request, response) => {
  /** @param {string} what */
  const note = (what) => writeSync(file, `${what} ${request.url}\n`);
  note("accepted");
  response.once("finish", () => note("finished"));
  response.once("close", () => response.writableFinished || note("left"));
  if (request.url?.startsWith("/short")) setTimeout(() => response.end("done"), 50);
  else response.write("word ");
});
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));

if (graceMs !== undefined) {
  process.once("SIGTERM", () => {
    server.close();
    setTimeout(process.exit, Number(graceMs), 0);
  });
}

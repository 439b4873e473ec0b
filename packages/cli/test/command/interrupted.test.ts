import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { always, startServer } from "../backend/http-server.ts";
import { MAIN } from "./bin.ts";

const ON_A_TERMINAL = "data:text/javascript,process.stderr.isTTY=true";

/** All that a program wrote on standard error, once that contains a text and once it has ended. */
async function interruptedAt(
  child: ChildProcess,
  text: string,
  signal: NodeJS.Signals,
): Promise<string> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    if (stderr.includes(text)) stderr += chunk;
    else if ((stderr += chunk).includes(text)) child.kill(signal);
  });
  expect(await once(child, "close")).toEqual([null, signal]);
  return stderr;
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "a %s while it asks leaves no progress on the terminal and ends it by that signal",
  async (signal) => {
    // The trace is never answered.
    const { url } = await startServer((request, response) => {
      if (request.url === "/api/services") always(200, '{"data":["shop"]}')(request, response);
      if (request.url?.startsWith("/api/traces?"))
        always(200, '{"data":[{"traceID":"1"}]}')(request, response);
    });
    const args = ["--import", ON_A_TERMINAL, MAIN, "jaeger", url, "--service", "shop"];
    const child = spawn(process.execPath, args);
    const stderr = await interruptedAt(child, "0 of 1 traces", signal);
    expect(stderr.slice(stderr.lastIndexOf("0 of 1"))).toBe("0 of 1 traces\r\u001b[2K");
  },
);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server with one more flag on its command line. */
export interface DroppedIn {
  /** Begins a request; resolves once the first of the answer is there, or with `whole` all of it. */
  readonly request: (
    path: string,
    options?: { readonly whole: boolean },
  ) => Promise<IncomingMessage>;
  readonly terminate: () => void;
  readonly exited: Promise<Exit>;
}

/** Starts a server of this folder as a user does, but for the one flag. */
export const startDroppedIn = async (program: string, endpoint: string): Promise<DroppedIn> => {
  const server = spawn(
    process.execPath,
    ["--import", "@otel-lifecycle/node/register", fileURLToPath(new URL(program, DIST))],
    {
      // Where the flag's package is looked for.
      cwd: fileURLToPath(new URL("..", DIST)),
      env: {
        ...process.env,
        OTEL_SERVICE_NAME: program.replace(".js", ""),
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = once(server, "exit").then(([code, signal]): Exit => ({ code, signal }));
  const lost = exited.then(({ code, signal }): never => {
    throw new Error(`${program} ended with ${signal ?? code} before it listened`);
  });
  const [line] = await Promise.race([once(createInterface(server.stdout), "line"), lost]);
  const url = String(line).replace("listening on ", "");

  return {
    request: async (path, { whole } = { whole: false }) => {
      const request = get(`${url}${path}`, { agent: false });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      // What a server that goes away does to its clients is not what is shown here.
      response.on("error", () => undefined);
      response.resume();
      if (whole) await once(response, "end");
      return response;
    },
    terminate: () => server.kill("SIGTERM"),
    exited,
  };
};

// So that a test can take this from the sources, too.
const DIST = new URL("../dist/", import.meta.url);

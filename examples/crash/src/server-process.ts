import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Where a server sends its spans, and where it keeps its journal. */
export interface Telemetry {
  readonly endpoint: string;
  readonly journal: string;
}

/** The server, in a process of its own. */
export interface ServerProcess {
  /** Begins a request; resolves once the first of the answer is there. */
  readonly request: (path: string) => Promise<void>;
  /** Ends it with SIGKILL, which no code of it can see. Resolves with the signal that it died of. */
  readonly kill: () => Promise<NodeJS.Signals | null>;
}

export const startServer = async ({ endpoint, journal }: Telemetry): Promise<ServerProcess> => {
  const server = spawn(
    process.execPath,
    ["--import", "@otel-lifecycle/node/register", fileURLToPath(new URL("server.js", DIST))],
    {
      // Where the flag's package is looked for.
      cwd: fileURLToPath(new URL("..", DIST)),
      env: {
        ...process.env,
        OTEL_SERVICE_NAME: "crash",
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_LIFECYCLE_JOURNAL: journal,
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = once(server, "exit");
  const lost = exited.then(([code, signal]): never => {
    throw new Error(`the server ended with ${signal ?? code} before it listened`);
  });
  const [line] = await Promise.race([once(createInterface(server.stdout), "line"), lost]);
  const url = String(line).replace("listening on ", "");

  return {
    request: async (path) => {
      const { body } = await fetch(`${url}${path}`);
      await body?.getReader().read();
    },
    kill: async () => {
      server.kill("SIGKILL");
      const [, signal] = await exited;
      return signal;
    },
  };
};

// So that a test can take this from the sources, too.
const DIST = new URL("../dist/", import.meta.url);

import { DiagConsoleLogger, type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { registeredGlobals } from "./registered-globals.ts";

/** One warning or piece of news at set-up, through whatever logger the application has. */
export const warn = (message: string): void => log("warn", message);
export const inform = (message: string): void => log("info", message);

/** Lets a step of the set-up fail without the application: what it threw becomes one warning. */
export const attempt = <T>(what: string, step: () => T): T | undefined => {
  try {
    return step();
  } catch (error) {
    warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
};

/**
 * Makes warnings visible where nobody set a logger: on the console, from `OTEL_LOG_LEVEL` on, else
 * our own lines and the first error of anybody else's. False if somebody had.
 */
export function showDiagnostics(): boolean {
  if (registeredGlobals().diag !== undefined) return false;
  const given = process.env["OTEL_LOG_LEVEL"]?.trim().toUpperCase() || undefined;
  const level = given === undefined ? undefined : LEVELS.get(given);
  const logger = new DiagConsoleLogger();
  // Another SDK's warnings were not to be seen before we came either.
  if (given === undefined) {
    logger.warn = ownLinesOf(logger);
    logger.error = firstErrorOf(logger);
  }
  diag.setLogger(logger, { logLevel: level ?? DiagLogLevel.WARN });
  if (given !== undefined && level === undefined) {
    warn(
      `OTEL_LOG_LEVEL: expected one of ${[...LEVELS.keys()].join(", ")}; got "${given}". WARN it is.`,
    );
  }
  return true;
}

const ownLinesOf =
  ({ warn }: DiagLogger): DiagLogger["warn"] =>
  (...line) => {
    if (isOurs(line)) warn(...line);
  };

// With a collector that is down there is one for every batch.
const firstErrorOf = ({ error }: DiagLogger): DiagLogger["error"] => {
  let hasShown = false;
  return (...line) => {
    if (isOurs(line)) {
      error(...line);
      return;
    }
    if (hasShown) return;
    hasShown = true;
    error(...line);
    log("warn", "Further errors of OpenTelemetry are not shown: OTEL_LOG_LEVEL=error shows them.");
  };
};

// A component's logger gives its namespace first; others may give anything, an error for instance.
const isOurs = ([namespace]: readonly unknown[]): boolean =>
  typeof namespace === "string" && namespace.startsWith("@otel-lifecycle/");

const LEVELS: ReadonlyMap<string, DiagLogLevel> = new Map([
  ["NONE", DiagLogLevel.NONE],
  ["ERROR", DiagLogLevel.ERROR],
  ["WARN", DiagLogLevel.WARN],
  ["INFO", DiagLogLevel.INFO],
  ["DEBUG", DiagLogLevel.DEBUG],
  ["VERBOSE", DiagLogLevel.VERBOSE],
  ["ALL", DiagLogLevel.ALL],
]);

function log(level: "warn" | "info", message: string): void {
  try {
    diag.createComponentLogger({ namespace: "@otel-lifecycle/node" })[level](message);
  } catch {
    // A logger of the host's that throws is not ours to mend, and nothing of ours depends on it.
  }
}

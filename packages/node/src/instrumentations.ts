import type { Application } from "./application.ts";
import { attempt, inform } from "./diagnostics.ts";
import { hookModules } from "./module-hook.ts";
import { type Instrumentation, retirable } from "./retirable-instrumentation.ts";
import { variable } from "./variable.ts";

/**
 * Starts the instrumentations that the application has: all of `auto-instrumentations-node`, or the
 * single packages among its dependencies. One that fails to load costs a warning.
 *
 * Gives the function that retires them all.
 */
export function instrument(application: Application): () => void {
  const names = application.resolve(AUTO) === undefined ? singleNames(application) : [AUTO];
  const [first] = names;
  if (first === undefined) {
    inform(
      `No instrumentation found: only what the application itself makes is traced. Install ${AUTO}, or single ones such as ${PREFIX}http.`,
    );
    return () => {};
  }
  hookModules(application.resolve(first));
  const started = names.flatMap(
    (name) => attempt(`${name} could not be started`, () => start(application, name)) ?? [],
  );
  const retirements = started.map(retirable);
  return () => {
    for (const retire of retirements) attempt("an instrumentation could not be disabled", retire);
  };
}

const AUTO = "@opentelemetry/auto-instrumentations-node";
const PREFIX = "@opentelemetry/instrumentation-";

const singleNames = (application: Application): readonly string[] =>
  application.dependencies
    .filter(isWanted)
    .filter((name) => application.resolve(name) !== undefined);

/** `auto-instrumentations-node` reads the same two variables; here nobody else does. */
function isWanted(name: string): boolean {
  if (!name.startsWith(PREFIX)) return false;
  const suffix = name.slice(PREFIX.length);
  const enabled = list("OTEL_NODE_ENABLED_INSTRUMENTATIONS");
  if (enabled !== undefined && !enabled.includes(suffix)) return false;
  return !list("OTEL_NODE_DISABLED_INSTRUMENTATIONS")?.includes(suffix);
}

const list = (name: string): readonly string[] | undefined =>
  variable(name)
    ?.split(",")
    .map((each) => each.trim());

function start(application: Application, name: string): readonly Instrumentation[] {
  const loaded = application.load(name) as Record<string, unknown>;
  const all = loaded["getNodeAutoInstrumentations"];
  if (typeof all === "function") return all();
  // Packages name their class as they like; what it is made of tells.
  const classes = new Set(Object.values(loaded).filter(isInstrumentationClass));
  return [...classes].map((Class) => new Class());
}

function isInstrumentationClass(value: unknown): value is new () => Instrumentation {
  if (typeof value !== "function" || !value.name.endsWith("Instrumentation")) return false;
  const { enable, setTracerProvider } = Object(value.prototype);
  return typeof enable === "function" && typeof setTracerProvider === "function";
}

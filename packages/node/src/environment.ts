import { SpanKind } from "@opentelemetry/api";
import { warn } from "./diagnostics.ts";
import { type JournalEnvironment, journalFromEnvironment } from "./journal/environment.ts";
import { variable, warnOfValue } from "./variable.ts";

/** Our own options, as the environment gives them. */
export interface LifecycleEnvironment {
  /** How long the last flush may hold the process, in ms; 0 is off. */
  readonly shutdownTimeoutMs: number;
  /** Which root spans are runs without a line of code. */
  readonly automaticRuns: boolean | { readonly kinds: readonly SpanKind[] };
  /** Whether runs that did not complete are exported although the sampler dropped them. */
  readonly isRescuing: boolean;
  /** What to record of runs that do not complete; undefined for nothing. */
  readonly incidents: { readonly file?: string } | undefined;
  /** Where to keep a journal, and how; undefined for none. */
  readonly journal: JournalEnvironment | undefined;
}

/** Reads `OTEL_LIFECYCLE_*`. A value that is not understood costs a warning and gives the default. */
export const readLifecycleEnvironment = (): LifecycleEnvironment => {
  warnOfUnknown();
  warnOfEndpoints();
  return {
    shutdownTimeoutMs: shutdownTimeout(),
    automaticRuns: automaticRuns(),
    isRescuing: isRescuing(),
    incidents: incidents(),
    journal: journalFromEnvironment(),
  };
};

const OURS = "OTEL_LIFECYCLE_";
const NAMES = [
  "AUTOMATIC_RUNS",
  "HASH_KEY",
  "INCIDENTS",
  "INCIDENTS_FILE",
  "JOURNAL",
  "JOURNAL_LIMIT",
  "JOURNAL_SYNC",
  "SAMPLER",
  "SHUTDOWN_TIMEOUT",
];

// A misspelt name would be no error anywhere.
function warnOfUnknown(): void {
  for (const name of Object.keys(process.env)) {
    // `_TEST_` is for whoever tests with us.
    if (!name.startsWith(OURS) || name.startsWith(`${OURS}TEST_`)) continue;
    if (NAMES.includes(name.slice(OURS.length))) continue;
    const known = NAMES.map((one) => `${OURS}${one}`).join(", ");
    warn(`${name.slice(0, 64)}: expected one of ${known}. It is not read.`);
  }
}

// The exporter takes any text, and says so at the first batch only.
function warnOfEndpoints(): void {
  for (const name of ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) {
    const given = variable(name);
    if (
      given === undefined ||
      /^https?:$/.test(URL.canParse(given) ? new URL(given).protocol : "")
    ) {
      continue;
    }
    warnOfValue(name, "a URL such as http://127.0.0.1:4318", "it as it is");
  }
}

const DEFAULT_SHUTDOWN_TIMEOUT = 3_000;
/** What a timer of Node can hold. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

function shutdownTimeout(): number {
  const name = "OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT";
  const given = variable(name);
  if (given === undefined) return DEFAULT_SHUTDOWN_TIMEOUT;
  if (/^\d{1,10}$/.test(given) && Number(given) <= LONGEST_TIMEOUT) return Number(given);
  warnOfValue(
    name,
    `milliseconds from 0 (off) to ${LONGEST_TIMEOUT}`,
    `${DEFAULT_SHUTDOWN_TIMEOUT}`,
  );
  return DEFAULT_SHUTDOWN_TIMEOUT;
}

const RUN_KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["internal", SpanKind.INTERNAL],
  ["server", SpanKind.SERVER],
  ["client", SpanKind.CLIENT],
  ["producer", SpanKind.PRODUCER],
  ["consumer", SpanKind.CONSUMER],
]);

function automaticRuns(): boolean | { readonly kinds: readonly SpanKind[] } {
  const name = "OTEL_LIFECYCLE_AUTOMATIC_RUNS";
  const given = variable(name)?.toLowerCase();
  if (given === undefined || given === "true") return true;
  if (given === "false") return false;
  const names = given.split(",").map((kind) => kind.trim());
  const known = names.filter((kind) => RUN_KINDS.has(kind));
  const kinds = known.flatMap((kind) => RUN_KINDS.get(kind) ?? []);
  if (known.length === names.length) return { kinds };
  const used = kinds.length > 0 ? known.join(",") : "true";
  warnOfValue(name, `true, false or a list of ${[...RUN_KINDS.keys()].join(", ")}`, used);
  return kinds.length > 0 ? { kinds } : true;
}

function isRescuing(): boolean {
  const name = "OTEL_LIFECYCLE_SAMPLER";
  const given = variable(name)?.toLowerCase();
  if (given !== undefined && given !== "rescue") warnOfValue(name, "rescue or nothing", "nothing");
  return given === "rescue";
}

// A file asks for them by itself.
function incidents(): { readonly file?: string } | undefined {
  const name = "OTEL_LIFECYCLE_INCIDENTS";
  const file = variable("OTEL_LIFECYCLE_INCIDENTS_FILE");
  const given = variable(name)?.toLowerCase();
  if (given !== undefined && given !== "on" && given !== "off") {
    warnOfValue(name, "on or off", file === undefined ? "off" : "on");
  }
  if (given === "off" || (given !== "on" && file === undefined)) return undefined;
  return file === undefined ? {} : { file };
}

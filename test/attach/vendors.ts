import { type Ending, startApp } from "../support/app.ts";
import { nodeBinaries } from "../support/nodes.ts";
import { spansOf } from "../support/otlp-span.ts";
import { type Sink, startSink } from "../support/sink.ts";

/** Someone else's SDK, as its documentation has it started. */
export interface Vendor {
  readonly app: string;
  /** The oldest Node.js that it supports, of those that we test on. */
  readonly major: number;
  /** Its `--import`; undefined if the program starts it itself. */
  readonly preload?: string;
  readonly program?: string;
  readonly options?: object;
}

/** How a program ended that ran on a vendor's SDK, and what the vendor got of it. */
export interface VendorEnding extends Ending {
  readonly deliveries: Sink["deliveries"];
}

export const OURS = ["--import", "@otel-lifecycle/node/register"];

/** The vendor's flags and ours in both orders, or ours alone where it has none. */
export const ordersOf = ({ preload }: Vendor): readonly [title: string, flags: string[]][] => {
  if (preload === undefined) return [["ours alone", OURS]];
  const theirs = ["--import", preload];
  return [
    ["theirs first", [...theirs, ...OURS]],
    ["ours first", [...OURS, ...theirs]],
  ];
};

/** How the vendor's program ends without us; it is run once. */
export const runPlain = (vendor: Vendor): Promise<VendorEnding> => {
  const { preload } = vendor;
  const known = plain.get(vendor) ?? runOn(vendor, preload ? ["--import", preload] : []);
  plain.set(vendor, known);
  return known;
};

const plain = new Map<Vendor, Promise<VendorEnding>>();

/** Runs the vendor's program to its natural end. */
export const runOn = async (vendor: Vendor, flags: readonly string[]): Promise<VendorEnding> => {
  const { app, major, program = "work", options = {} } = vendor;
  const sink = await startSink();
  const node = nodeBinaries().find(({ version }) => version.startsWith(`v${major}.`));
  if (node === undefined) throw new Error(`Node ${major} is not installed`);
  const started = await startApp({
    app,
    program,
    node: node.path,
    flags,
    env: { ...QUIET, VENDOR_URL: sink.url, VENDOR_OPTIONS: JSON.stringify(options) },
  });
  const ending = await started.ended();
  const theirs = sink.deliveries.filter(({ path }) => path.endsWith("/v1/traces"));
  const spans = [...ending.spans, ...spansOf(theirs.map(({ body }) => body))];
  return { ...ending, spans, deliveries: sink.deliveries };
};

/** What a user sees of an ending. */
export const endingOf = ({ code, signal, stdout, stderr }: VendorEnding) => ({
  code,
  signal,
  stdout,
  stderr,
});

// Nothing leaves the machine: detectors of clouds ask the network, and vendors report home.
const QUIET = {
  OTEL_NODE_RESOURCE_DETECTORS: "none",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  TRACELOOP_TELEMETRY: "false",
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
  DD_REMOTE_CONFIGURATION_ENABLED: "false",
  DD_TRACE_STARTUP_LOGS: "false",
};

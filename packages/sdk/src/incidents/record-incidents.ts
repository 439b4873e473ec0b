import { registry } from "@otel-lifecycle/api/internal";
import { checkOptions } from "../check-options.ts";
import { warn } from "../position.ts";
import { createDeferral } from "./deferral.ts";
import { EXPECTED, type IncidentOptions } from "./incident-options.ts";
import { createOutlets } from "./outlets.ts";
import { createRecorder } from "./recorder.ts";
import { intoOutlets } from "./recovered.ts";

/** The undoing of {@link recordIncidents}, and where to wait for what it has under way. */
export interface IncidentRecording {
  /** Records no further runs, also not those in flight. */
  stop(): void;
  /** Resolves once the incidents by now are written and handed to the logger, or cannot be now. */
  flush(): Promise<void>;
  /** The same before it returns, for the end of a process: of what is told and waits for the file at most 1,024. */
  flushSync(): void;
}

/**
 * Keeps the evidence of runs that begin from now on and derives an incident from that of each that does not
 * complete: its span carries the `lifecycle.incident.*` attributes, and the incident goes where the
 * options say. Bounded in memory; of a run that completed nothing is left.
 *
 * Once a process: a second call warns through `diag` and changes nothing.
 *
 * @throws LifecycleError `invalid_option` or `unknown_option`.
 */
export const recordIncidents = (options: IncidentOptions = {}): IncidentRecording => {
  checkOptions("recordIncidents", options, EXPECTED);
  if (registry.recorder !== undefined) {
    warn("recordIncidents() was called before: the first call stands. Take one out.");
    return NOT_OURS;
  }
  const { automaticRuns = false } = options;
  const outlets = createOutlets(options);
  const incidents = createDeferral(outlets);
  // Of what began before, nobody took down what it did until now: its advice would be too bold.
  const since = registry.sequence;
  const recorder = createRecorder(
    (run) => run.began > since && (automaticRuns || run.origin !== "automatic"),
    incidents,
    intoOutlets(outlets),
  );
  registry.recorder = recorder;
  return {
    stop: () => {
      if (registry.recorder === recorder) registry.recorder = undefined;
    },
    flush: incidents.flush,
    flushSync: incidents.flushSync,
  };
};

const NOT_OURS: IncidentRecording = {
  stop: () => undefined,
  flush: () => Promise.resolve(),
  flushSync: () => undefined,
};

import type { ActionFacts, IncidentFacts } from "@otel-lifecycle/incidents";
import type { Told } from "../../src/told.ts";

/** What differs from a stream that broke before anything had come. */
export interface Differing extends Partial<Omit<Told, "facts">> {
  readonly attempts?: number;
  readonly stream?: Partial<IncidentFacts["stream"]>;
  readonly tools?: Partial<IncidentFacts["tools"]>;
  readonly side_effects?: Partial<IncidentFacts["side_effects"]>;
  readonly retryable?: boolean;
}

/** A connection to the provider that broke before its first progress, all else known. */
export const told = ({
  attempts = 1,
  stream,
  tools,
  side_effects,
  retryable,
  ...rest
}: Differing = {}): Told => ({
  end: { result: "failed", class: "upstream_disconnect", confidence: "high", via: "error" },
  cause: "provider_transport_disconnect",
  subcause: undefined,
  phases: { run: "streaming", stream: "before_first_provider_progress", tool: "none" },
  facts: {
    attempts,
    ...(attempts > 0 && { terminal_attempt: attempts }),
    stream: { ...NO_STREAM, ...stream },
    tools: { ...NO_TOOLS, ...tools },
    side_effects: { ...NO_EFFECTS, ...side_effects },
    finalizers: { completed: 0, failed: 0, pending: 0 },
    ...(retryable !== undefined && { retryable }),
  },
  error: undefined,
  errorKind: undefined,
  action: undefined,
  gaps: [],
  ...rest,
});

/** An action of this kind. */
export const action = (kind: string): ActionFacts => ({ id: "a-1", kind, trigger: "http" });

const NO_STREAM: IncidentFacts["stream"] = {
  opened: false,
  progress: false,
  text: false,
  reasoning: false,
  completed: false,
};

const NO_TOOLS: IncidentFacts["tools"] = {
  input_pending: 0,
  not_executed: 0,
  running: 0,
  interrupted: 0,
  completed: 0,
  failed: 0,
};

const NO_EFFECTS: IncidentFacts["side_effects"] = {
  happened: [],
  pending: [],
  boundary: "classified",
  exposed: 0,
  provider_executed: false,
};

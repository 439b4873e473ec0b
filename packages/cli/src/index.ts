// The account of spans

export { type Account, accountOf } from "./account/account.ts";
export {
  type AccountJson,
  type ActionJson,
  type IncidentJson,
  type LossJson,
  type RunJson,
  toJson,
} from "./account/account-json.ts";
export type { ActionAccount, RunCounts } from "./account/action-account.ts";
export type { IncidentAccount } from "./account/incident-account.ts";
export type { LossAccount } from "./account/loss-account.ts";
export type {
  CloseAccount,
  ClosedRun,
  ClosingAction,
  CompletedRun,
  RunAccount,
  RunIdentity,
} from "./account/run-account.ts";
export { type RenderOptions, renderAccount } from "./render/account-text.ts";

// Spans, out of OTLP

export type { NotOtlp } from "./otlp/attempt.ts";
export type { AttributeValue } from "./otlp/attribute-value.ts";
export type { LifecycleSpan } from "./otlp/lifecycle-span.ts";
export { type ParsedRequest, parseRequest } from "./otlp/request.ts";

// Incidents

export { type ParsedIncidents, parseIncidents } from "./incident/parse-incidents.ts";
export { type IncidentRenderOptions, renderIncidents } from "./render/incidents-text.ts";

// Spans and logs, over HTTP

export type { Signal } from "./otlp/signal.ts";
export { type Receiver, startReceiver } from "./receiver/receiver.ts";
export type { ReceiverOptions } from "./receiver/receiver-options.ts";

import {
  ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON,
  ATTR_LOSS_REASON,
  ATTR_LOSS_SIGNAL,
  ATTR_LOSS_SOURCE,
  ATTR_PROCESS_EXIT_CODE,
} from "@otel-lifecycle/api";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { numberAttribute, stringAttribute } from "./attribute.ts";

/** What a lost run's own span says of the end of its process. Every value is as the span has it. */
export interface LossAccount {
  /** `oom_kill`, `signal`, `exit`, or `unknown` where nobody had said anything. */
  readonly reason: string;
  /** Who said so: `kubernetes`, `supervisor`, `cgroup`. */
  readonly source: string | undefined;
  readonly signal: string | undefined;
  readonly exitCode: number | undefined;
  /** Kubernetes' word for it. */
  readonly terminationReason: string | undefined;
}

/** The loss that a span tells of, if it has a `lifecycle.loss.reason`. */
export function lossOf(span: LifecycleSpan): LossAccount | undefined {
  const reason = stringAttribute(span, ATTR_LOSS_REASON);
  if (reason === undefined) return undefined;
  return {
    reason,
    source: stringAttribute(span, ATTR_LOSS_SOURCE),
    signal: stringAttribute(span, ATTR_LOSS_SIGNAL),
    exitCode: numberAttribute(span, ATTR_PROCESS_EXIT_CODE),
    terminationReason: stringAttribute(span, ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON),
  };
}

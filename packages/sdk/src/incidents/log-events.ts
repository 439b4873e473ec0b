import type { Context } from "@opentelemetry/api";
import { SCHEMA_URL } from "@otel-lifecycle/api";
import { guarded, noteBounded, VERSION } from "@otel-lifecycle/api/internal";
import type { RunIncident } from "@otel-lifecycle/incidents";
import type { IncidentSink } from "./incident-sink.ts";
import { evidenceEvents, incidentEvent } from "./log-event-forms.ts";
import { type Logger, type LoggerProvider, registeredLoggerProvider } from "./logger-provider.ts";
import { createTurn } from "./turn.ts";

/** What hands incidents to a logger, off the path of their runs. */
export interface LogEvents {
  /** True where a logger provider is there. */
  isWanted(): boolean;
  readonly sink: IncidentSink;
  /** Hands over what waits, now. */
  flush(): void;
}

/** How many incidents wait to be handed over; further ones are dropped and counted. */
const MAX_WAITING = 4_096;

/** How much of a turn of the event loop is used, in ms. */
const TURN_MS = 3;

/**
 * Emits incidents as log-based events, each in its run's context: just behind the end of the run,
 * so that who shuts the logs down next still has them, and in later turns of the event loop if
 * many end at once.
 */
export const createLogEvents = (given: LoggerProvider | undefined): LogEvents => {
  const waiting: Logged[] = [];
  const turn = createTurn(TURN_MS, () => waiting.length > 0 && emitSome());
  let isScheduled = false;
  const emitWhile = (hasTime: () => boolean): void => {
    const logger = loggerOf(given ?? registeredLoggerProvider());
    while (hasTime()) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (logger !== undefined) emit(logger, next);
    }
  };
  const emitSome = (): void => turn.use(emitWhile);
  const isWanted = (): boolean => given !== undefined || registeredLoggerProvider() !== undefined;
  return {
    isWanted,
    sink: ({ incident, context, isOneOfMany }) => {
      if (!isWanted()) return;
      if (waiting.length >= MAX_WAITING) {
        noteBounded(WHAT, "too many incidents wait to be logged, and some are dropped.");
        return;
      }
      waiting.push({ incident, context, isOneOfMany });
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(() => {
        isScheduled = false;
        emitSome();
      });
    },
    flush: () => emitWhile(() => true),
  };
};

interface Logged {
  readonly incident: RunIncident;
  readonly context: Context;
  readonly isOneOfMany: boolean;
}

const WHAT = "log events";

const loggerOf = (provider: LoggerProvider | undefined): Logger | undefined =>
  guarded(WHAT, () =>
    provider?.getLogger("@otel-lifecycle/sdk", VERSION, { schemaUrl: SCHEMA_URL }),
  );

const emit = (logger: Logger, { incident, context, isOneOfMany }: Logged): void => {
  guarded(WHAT, () => {
    // Of many none has events for its evidence, which is in it anyway.
    if (!isOneOfMany) for (const event of evidenceEvents(incident, context)) logger.emit(event);
    logger.emit(incidentEvent(incident, context));
  });
};

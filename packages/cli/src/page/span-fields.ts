import type { Account } from "../account/account.ts";
import type { RunIdentity } from "../account/run-account.ts";
import type { PictureSpan } from "../browser/picture.ts";
import { screenText } from "../render/screen-text.ts";

/** Nanoseconds since the epoch that a picture counts its times from. */
export type Origin = bigint;

// An id is there to be copied and found again, so it is whole; what conventions allow has 64.
const LONGEST_ID = 128;
const LONGEST_NAME = 120;

/** The texts of spans, cut and made harmless as a terminal's are. */
export const textOf: {
  readonly id: (text: string) => string;
  readonly name: (text: string) => string;
  /** Those that are known, under their names. */
  readonly all: <Name extends string>(
    texts: Readonly<Record<Name, string | undefined>>,
  ) => Partial<Record<Name, string>>;
} = {
  id: (text) => screenText(text, LONGEST_ID),
  name: (text) => screenText(text, LONGEST_NAME),
  all: (texts) => {
    const known: Partial<Record<keyof typeof texts, string>> = {};
    for (const name of namesOf(texts)) {
      const text = texts[name];
      if (text !== undefined) known[name] = screenText(text, LONGEST_NAME);
    }
    return known;
  },
};

/** The earliest time of an account; 0 if it has none. */
export function originOf({ actions, runs }: Account): Origin {
  let origin: bigint | undefined;
  for (const { startTimeUnixNano, endTimeUnixNano } of [...actions, ...runs]) {
    const earliest = startTimeUnixNano > 0n ? startTimeUnixNano : endTimeUnixNano;
    if (earliest > 0n && (origin === undefined || earliest < origin)) origin = earliest;
  }
  return origin ?? 0n;
}

/** Where and when a span was. */
export function identityOf(span: Omit<RunIdentity, "name">, origin: Origin): PictureSpan {
  const { traceId, spanId, scope, scopeKey, service } = span;
  const start = millisecondsAfter(origin, span.startTimeUnixNano);
  const end = millisecondsAfter(origin, span.endTimeUnixNano);
  return {
    id: textOf.id(span.id),
    traceId,
    spanId,
    ...textOf.all({ scope, scopeKey, service }),
    ...(start === undefined ? {} : { start }),
    // A clock that was set back within a span: it is drawn without a length.
    ...(end === undefined ? {} : { end: Math.max(end, start ?? 0) }),
  };
}

function millisecondsAfter(origin: Origin, time: bigint): number | undefined {
  // Microseconds are exact for longer than anything is traced.
  return time === 0n ? undefined : Number((time - origin) / 1000n) / 1000;
}

function namesOf<Name extends string>(texts: Readonly<Record<Name, unknown>>): readonly Name[] {
  // The type of Object.keys forgets what the keys are.
  return Object.keys(texts) as Name[];
}

import { resolve } from "node:path";
import { warn } from "../diagnostics.ts";
import { variable, warnOfValue } from "../variable.ts";

/** The journal that the environment asks for. */
export interface JournalEnvironment {
  /** Absolute: the application may change its working directory. */
  readonly directory: string;
  readonly maxBytes?: number;
  readonly syncIntervalMs?: number;
}

/** `OTEL_LIFECYCLE_JOURNAL*`; undefined unless there is a directory. */
export function journalFromEnvironment(): JournalEnvironment | undefined {
  const directory = variable(DIRECTORY);
  if (directory === undefined) {
    for (const name of [LIMIT, SYNC]) {
      if (variable(name) !== undefined) warn(`${name} has no effect without ${DIRECTORY}.`);
    }
    return undefined;
  }
  const maxBytes = whole(LIMIT, {
    from: 2 ** 20,
    to: 2 ** 34,
    what: "bytes",
    without: `${2 ** 26}`,
  });
  const syncIntervalMs = whole(SYNC, {
    from: 10,
    to: 60_000,
    what: "milliseconds",
    without: "none",
  });
  return {
    directory: resolve(directory),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(syncIntervalMs === undefined ? {} : { syncIntervalMs }),
  };
}

const DIRECTORY = "OTEL_LIFECYCLE_JOURNAL";
const LIMIT = `${DIRECTORY}_LIMIT`;
const SYNC = `${DIRECTORY}_SYNC`;

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly what: string;
  /** What holds where the value is none of these. */
  readonly without: string;
}

function whole(name: string, { from, to, what, without }: Bounds): number | undefined {
  const given = variable(name);
  if (given === undefined) return undefined;
  const number = /^\d{1,11}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= from && number <= to) return number;
  warnOfValue(name, `${what} from ${from} to ${to}`, without);
  return undefined;
}

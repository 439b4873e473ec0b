import { backendUrlOf, withoutSecrets } from "../backend/backend-url.ts";
import { isActionId, isRunId, isServiceName } from "../backend/ids.ts";
import type { Question } from "../backend/question.ts";
import { InputError } from "../input/input-error.ts";
import { DAY_MS, duration, HOUR_MS } from "./option-values.ts";

/** What a command line says of a backend and of what it is asked. */
export interface BackendRequest {
  readonly url: URL;
  readonly about: Question["about"];
  readonly services: readonly string[];
  /** How far back spans may have begun. */
  readonly sinceMs: number;
  /** `Name: value` each. */
  readonly headers: readonly string[];
  readonly timeoutMs: number;
}

type Text = { readonly type: "string"; readonly multiple?: false };
type Texts = { readonly type: "string"; readonly multiple: true };

/** For `parseArgs`. */
export const BACKEND_OPTIONS: {
  readonly service: Texts;
  readonly action: Text;
  readonly run: Text;
  readonly since: Text;
  readonly header: Texts;
  readonly timeout: Text;
} = {
  service: { type: "string", multiple: true },
  action: { type: "string" },
  run: { type: "string" },
  since: { type: "string" },
  header: { type: "string", multiple: true },
  timeout: { type: "string" },
};

interface Values {
  readonly service?: readonly string[];
  readonly action?: string;
  readonly run?: string;
  readonly since?: string;
  readonly header?: readonly string[];
  readonly timeout?: string;
}

/** As far as Tempo searches unless it is told otherwise; what is asked for by its id may be old. */
export const WIDEST_MS: number = 7 * DAY_MS;

/** Reads what belongs to a backend. Throws {@link InputError} for what it does not understand. */
export function backendRequestOf(positionals: readonly string[], values: Values): BackendRequest {
  const [address, ...more] = positionals;
  if (address === undefined) throw new InputError("name the backend's URL (see --help)");
  if (more[0] !== undefined)
    throw new InputError(`unexpected argument '${withoutSecrets(more[0])}' (see --help)`);
  const about = aboutOf(values);
  const services = values.service ?? [];
  if (!services.every(isServiceName))
    throw new InputError("--service takes the name of a service, of at most 255 characters");
  const farthest = about.type === "all" ? HOUR_MS : WIDEST_MS;
  return {
    url: backendUrlOf(address),
    about,
    services,
    sinceMs: duration("--since", values.since, { least: 1000, most: 90 * DAY_MS, unset: farthest }),
    headers: values.header ?? [],
    timeoutMs: duration("--timeout", values.timeout, { least: 1000, most: 600_000, unset: 30_000 }),
  };
}

function aboutOf({ action, run }: Values): Question["about"] {
  if (action !== undefined && run !== undefined)
    throw new InputError("--action or --run, not both");
  if (action !== undefined) {
    if (isActionId(action)) return { type: "action", id: action };
    throw new InputError(`"${action}" is no id of an action: 1 to 64 of a-z 0-9 _ -`);
  }
  if (run === undefined) return { type: "all" };
  if (isRunId(run)) return { type: "run", id: run };
  throw new InputError(`"${run}" is no id of a run: 1 to 64 of A-Z a-z 0-9 _ . : -`);
}

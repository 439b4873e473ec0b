import { constants } from "node:os";
import type { ProcessExit } from "@otel-lifecycle/sdk/journal";
import { InputError } from "../input/input-error.ts";
import { endpointOf } from "./endpoint.ts";
import { DAY_MS, duration, wholeNumber } from "./option-values.ts";

/** What a command line says of journals and of where their spans go. */
export interface RecoveryRequest {
  readonly directory: string;
  /** Where traces are sent, with its path. */
  readonly endpoint: URL;
  /** What is known of the end of the processes; empty where nothing is. */
  readonly exit: ProcessExit;
  /** Only journals of this process id. */
  readonly pid: number | undefined;
  readonly anyHost: boolean;
  /** How long to go on. */
  readonly timeoutMs: number;
}

type Text = { readonly type: "string" };

/** For `parseArgs`. */
export const RECOVERY_OPTIONS: {
  readonly endpoint: Text;
  readonly "exit-code": Text;
  readonly signal: Text;
  readonly reason: Text;
  readonly pid: Text;
  readonly "any-host": { readonly type: "boolean" };
  readonly timeout: Text;
} = {
  endpoint: { type: "string" },
  "exit-code": { type: "string" },
  signal: { type: "string" },
  reason: { type: "string" },
  pid: { type: "string" },
  "any-host": { type: "boolean" },
  timeout: { type: "string" },
};

interface Values {
  readonly endpoint?: string;
  readonly "exit-code"?: string;
  readonly signal?: string;
  readonly reason?: string;
  readonly pid?: string;
  readonly "any-host"?: boolean;
  readonly timeout?: string;
}

// As far as Linux can be told to go.
const LARGEST_PID = 2 ** 22;

/** Reads what belongs to a recovery. Throws {@link InputError} for what it does not understand. */
export function recoveryRequestOf(
  positionals: readonly string[],
  values: Values,
  environment: NodeJS.ProcessEnv,
): RecoveryRequest {
  const [directory, ...more] = positionals;
  if (directory === undefined || directory === "")
    throw new InputError("name the directory of the journals (see --help)");
  if (more[0] !== undefined) throw new InputError(`unexpected argument '${more[0]}' (see --help)`);
  return {
    directory,
    endpoint: endpointOf(values.endpoint, environment),
    exit: exitOf(values),
    pid: values.pid === undefined ? undefined : wholeNumber("--pid", values.pid, 1, LARGEST_PID),
    anyHost: values["any-host"] ?? false,
    timeoutMs: duration("--timeout", values.timeout, { least: 1000, most: DAY_MS, unset: 600_000 }),
  };
}

/** As given: nothing follows from an exit code above 128, with which programs end as well. */
function exitOf({ "exit-code": code, signal, reason }: Values): ProcessExit {
  if (signal !== undefined && !Object.hasOwn(constants.signals, signal))
    throw new InputError(`--signal takes the name of a signal, such as SIGKILL, not "${signal}"`);
  if (reason !== undefined && !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(reason))
    throw new InputError(
      `--reason takes one word of at most 64 letters and digits, such as OOMKilled, not "${reason}"`,
    );
  return {
    ...(code !== undefined && { code: wholeNumber("--exit-code", code, 0, 255) }),
    ...(signal !== undefined && { signal }),
    ...(reason !== undefined && { reason }),
  };
}

import { parseArgs } from "node:util";
import { InputError } from "../input/input-error.ts";
import { BACKEND_OPTIONS, type BackendRequest, backendRequestOf } from "./backend-options.ts";
import { wholeNumber } from "./option-values.ts";
import { RECOVERY_OPTIONS, type RecoveryRequest, recoveryRequestOf } from "./recover-options.ts";

/** How a command that ends prints its account. */
export interface Printing {
  readonly format: "tree" | "json";
  readonly longestList: number;
  /** The file that a page of it is written to besides; undefined for none. */
  readonly html: string | undefined;
}

export interface ReadCommand {
  readonly type: "read";
  readonly paths: readonly string[];
  readonly printing: Printing;
}

export interface IncidentsCommand {
  readonly type: "incidents";
  readonly paths: readonly string[];
  readonly format: "text" | "json";
}

export interface ListenCommand {
  readonly type: "listen";
  readonly port: number;
  readonly host: string;
  readonly out: string | undefined;
  readonly maxBodyBytes: number;
}

export interface BackendCommand extends BackendRequest {
  readonly type: "jaeger" | "tempo";
  readonly printing: Printing;
}

export interface RecoverCommand extends RecoveryRequest {
  readonly type: "recover";
  readonly format: "text" | "json";
}

/** What a command line asks for. */
export type Command =
  | ReadCommand
  | IncidentsCommand
  | ListenCommand
  | BackendCommand
  | RecoverCommand
  | { readonly type: "help" }
  | { readonly type: "version" };

const COMMON = { help: { type: "boolean", short: "h" }, version: { type: "boolean" } } as const;

const PRINTING = {
  json: { type: "boolean" },
  all: { type: "boolean" },
  html: { type: "string" },
} as const;

/** Reads a command line. Throws {@link InputError} for what it does not understand. */
export function commandOf(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === "listen") return listenCommand(rest);
  if (name === "incidents") return incidentsCommand(rest);
  if (name === "jaeger" || name === "tempo") return backendCommand(name, rest);
  if (name === "recover") return recoverCommand(rest);
  return readCommand(args);
}

function readCommand(args: readonly string[]): Command {
  const options = { ...COMMON, ...PRINTING } as const;
  const { values, positionals } = understood(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (values.help) return { type: "help" };
  if (values.version) return { type: "version" };
  return {
    type: "read",
    paths: positionals,
    printing: printingOf(values),
  };
}

function incidentsCommand(args: readonly string[]): Command {
  const options = { ...COMMON, json: PRINTING.json } as const;
  const { values, positionals } = understood(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (values.help) return { type: "help" };
  if (values.version) return { type: "version" };
  return { type: "incidents", paths: positionals, format: values.json ? "json" : "text" };
}

function printingOf(values: {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly html?: string;
}): Printing {
  if (values.html === "") throw new InputError("--html takes the name of a file");
  return {
    format: values.json ? "json" : "tree",
    longestList: values.all ? Number.POSITIVE_INFINITY : 20,
    html: values.html,
  };
}

function listenCommand(args: readonly string[]): Command {
  const text = { type: "string" } as const;
  const options = { ...COMMON, port: text, host: text, out: text, "max-body": text } as const;
  const { values } = understood(() => parseArgs({ args: [...args], options }));
  if (values.help) return { type: "help" };
  if (values.version) return { type: "version" };
  return {
    type: "listen",
    port: wholeNumber("--port", values.port ?? "4318", 0, 65_535),
    host: values.host ?? "127.0.0.1",
    out: values.out,
    // V8 has no longer strings than half a gigabyte.
    maxBodyBytes: wholeNumber("--max-body", values["max-body"] ?? "16777216", 1, 2 ** 28),
  };
}

function backendCommand(type: BackendCommand["type"], args: readonly string[]): Command {
  const options = { ...COMMON, ...PRINTING, ...BACKEND_OPTIONS } as const;
  const { values, positionals } = understood(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (values.help) return { type: "help" };
  if (values.version) return { type: "version" };
  return { type, ...backendRequestOf(positionals, values), printing: printingOf(values) };
}

function recoverCommand(args: readonly string[]): Command {
  const options = { ...COMMON, json: PRINTING.json, ...RECOVERY_OPTIONS } as const;
  const { values, positionals } = understood(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (values.help) return { type: "help" };
  if (values.version) return { type: "version" };
  const request = recoveryRequestOf(positionals, values, process.env);
  return { type: "recover", ...request, format: values.json ? "json" : "text" };
}

function understood<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence says what is wrong; the rest is advice for positionals.
    const [sentence = error.message] = error.message.split(/\. |\n/, 1);
    throw new InputError(`${sentence.charAt(0).toLowerCase()}${sentence.slice(1)} (see --help)`, {
      cause: error,
    });
  }
}

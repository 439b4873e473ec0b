import { warn } from "./diagnostics.ts";

/** The value of a variable, trimmed; undefined if unset or empty, as the specification has it. */
export const variable = (name: string): string | undefined =>
  process.env[name]?.trim() || undefined;

/** The one warning of a value that is not understood. */
export const warnOfValue = (name: string, expected: string, used: string): void =>
  warn(`${name}: expected ${expected}; got "${variable(name)?.slice(0, 64)}". Using ${used}.`);

/** What was wrong at set-up, for programs. */
export type LifecycleErrorCode =
  | "invalid_option"
  | "unknown_option"
  | "invalid_scope_kind"
  | "invalid_scope_key"
  | "invalid_scope_parent"
  | "invalid_path";

/**
 * The one error that this project throws, and only at set-up: it says what was expected and
 * what was given. After set-up nothing of ours throws into the host.
 */
export class LifecycleError extends Error {
  override readonly name = "LifecycleError";
  readonly code: LifecycleErrorCode;

  constructor(code: LifecycleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const SHOWN = 60;

/** What was given, short enough for a message; never calls code of the value's own. */
export const describe = (given: unknown): string => {
  if (typeof given === "string") {
    const shown = given.length > SHOWN ? `${given.slice(0, SHOWN)}…` : given;
    return `${JSON.stringify(shown)} (${given.length} characters)`;
  }
  if (given === null) return "null";
  if (typeof given === "number" || typeof given === "boolean") return String(given);
  return Array.isArray(given) ? "an array" : `a value of type ${typeof given}`;
};

import { isName } from "./name.ts";
import { isOperation } from "./operation.ts";

const MAX_RUN_NAME = 64;
const MAX_PARTS = 3;

/**
 * A run's name: 1 to 3 names with a blank between them, at most 64 characters, such as
 * `invoke_agent planner`; or an operation. Four words are a sentence.
 */
export const isRunName = (value: unknown): value is string => {
  if (isOperation(value)) return true;
  if (typeof value !== "string" || value.length > MAX_RUN_NAME) return false;
  const parts = value.split(" ");
  // Together as well, so that blanks give a secret no more room than a name has.
  return parts.length <= MAX_PARTS && parts.every(isName) && isName(parts.join("-"));
};

import { field, textField } from "./error-tree.ts";

/**
 * The provider's word for its error, as it stands in an answer: of `{ error: { type, code } }`,
 * `{ type: "error", error: { type } }` and `{ type, code }` the innermost type, else its code.
 */
export const kindFacts = (answer: unknown): { readonly errorKind?: string } => {
  const error = innermost(answer);
  const type = textField(error, "type");
  const errorKind = type !== undefined && type !== "error" ? type : textField(error, "code");
  return errorKind === undefined ? {} : { errorKind };
};

const innermost = (answer: unknown): unknown => {
  let error = answer;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const inner = field(error, "error");
    if (typeof inner !== "object" || inner === null) break;
    error = inner;
  }
  return error;
};

// A client's error, around an event, around the error itself.
const MAX_DEPTH = 2;

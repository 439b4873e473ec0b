import { noteBounded } from "@otel-lifecycle/api/internal";

/**
 * Bounds `error.type` for metrics, where each value is a time series for as long as the process
 * lives: 1 to 64 characters of `A-Z a-z 0-9 _ $ . : -`, at most 100 distinct, then `_OTHER`. The
 * owner of an adopted span may have set any text.
 */
export const createErrorTypes = (): ((errorType: string) => string) => {
  const seen = new Set<string>();
  return (errorType) => {
    if (seen.has(errorType)) return errorType;
    if (!TOKEN.test(errorType) || seen.size >= MAX_DISTINCT) {
      noteBounded(
        "metric error.type",
        `no token, or over ${MAX_DISTINCT}, "_OTHER" stands for it.`,
      );
      return "_OTHER";
    }
    seen.add(errorType);
    return errorType;
  };
};

const TOKEN = /^[\w$.:-]{1,64}$/;
const MAX_DISTINCT = 100;

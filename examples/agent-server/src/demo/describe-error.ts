/** An error and its causes in one line: `fetch failed` alone says too little. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const message = error.message || error.name;
  return error.cause === undefined ? message : `${message}: ${describeError(error.cause)}`;
};

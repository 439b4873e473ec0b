const SHORTEST_PAUSE_MS = 500;

/** How long a server that is too busy wants to be left alone, else longer with each attempt; ms. */
export function pauseOf({ headers }: Response, attempt: number): number {
  const asked = headers.get("retry-after") ?? "";
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * 1000;
  const at = Date.parse(asked);
  return Number.isNaN(at) ? SHORTEST_PAUSE_MS * 2 ** (attempt - 1) : Math.max(0, at - Date.now());
}

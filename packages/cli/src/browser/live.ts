import type { Picture } from "./picture.ts";

/** What a page that is kept up to date tells of it. */
export interface LiveEvents {
  readonly onPicture: (picture: Picture) => void;
  /** Whether the last request was answered. */
  readonly onConnection: (isConnected: boolean) => void;
}

const INTERVAL_MS = 1000;
// Parsing and drawing block the page, and take a while at a hundred thousand runs.
const PAUSE_PER_UPDATE = 5;

/** Asks for the picture for as long as the page is open; what has not changed is not sent again. */
export function followPicture({ onPicture, onConnection }: LiveEvents): void {
  let tag = "";

  async function update(): Promise<void> {
    const headers: Record<string, string> = tag === "" ? {} : { "If-None-Match": tag };
    // Its own cache would answer with what it has, and keep all of it twice.
    const response = await fetch("account.json", { headers, cache: "no-store" });
    if (response.status === 304) return;
    if (!response.ok) throw new Error(`status ${response.status}`);
    tag = response.headers.get("ETag") ?? "";
    // Written by the server that wrote this page, of the same version.
    onPicture((await response.json()) as Picture);
  }

  async function follow(): Promise<void> {
    const startedAt = performance.now();
    const isConnected = await update().then(
      () => true,
      () => false,
    );
    onConnection(isConnected);
    const pause = PAUSE_PER_UPDATE * (performance.now() - startedAt);
    setTimeout(() => void follow(), Math.max(INTERVAL_MS, isConnected ? pause : 0));
  }

  void follow();
}

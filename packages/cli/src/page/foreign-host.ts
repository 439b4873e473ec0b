import type { IncomingMessage } from "node:http";

/**
 * Whether a request that came over the loopback interface was meant for another host. A web page can
 * have its own name resolve to 127.0.0.1 (DNS rebinding) and would then read what is served there,
 * as of its own origin; its name is still in the Host header.
 */
export function isForeignHost({ socket, headers }: IncomingMessage): boolean {
  return isLoopback(socket.localAddress ?? "") && !namesLoopback(headers.host ?? "");
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./.test(address) || address === "::1";
}

function namesLoopback(host: string): boolean {
  const url = `http://${host}`;
  if (!URL.canParse(url)) return false;
  // Which also writes 0x7f.1 as what it is.
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

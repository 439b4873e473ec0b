import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What came in with one request. */
export interface Posted {
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly bytes: number;
}

/** An HTTP server that reads nothing of what it is sent. */
export interface Endpoint {
  readonly url: string;
  readonly posted: readonly Posted[];
  close(): void;
}

/** Answers 200, or with `isSilent` never. */
export async function startEndpoint({ isSilent = false } = {}): Promise<Endpoint> {
  const posted: Posted[] = [];
  const server = createServer(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { "content-type": contentType, authorization } = request.headers;
    posted.push({ path: request.url, contentType, authorization, bytes });
    if (!isSilent) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

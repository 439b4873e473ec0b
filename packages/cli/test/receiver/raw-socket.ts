import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What a server wrote until it ended the connection. */
export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Writes to a port whatever is given, whether it is HTTP or not. */
export async function rawConnection(port: number, ...lines: readonly string[]): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  socket.write(lines.join("\r\n"));
  return socket;
}

/** Everything that comes back until the server ends the connection, as one answer. */
export async function rawAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  socket.destroy();
  const [head = "", body = ""] = Buffer.concat(chunks).toString().split("\r\n\r\n", 2);
  return { status: Number(head.split(" ", 2)[1]), body: JSON.parse(body) };
}

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

/** Everything that comes back until the server ends the connection, as one answer in JSON. */
export async function rawAnswer(socket: Socket): Promise<RawAnswer> {
  const { status, body } = await rawBytes(socket);
  return { status, body: JSON.parse(body.toString()) };
}

/** The same, whatever its body is in. */
export async function rawBytes(socket: Socket) {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  socket.destroy();
  const answer = Buffer.concat(chunks);
  const end = answer.indexOf("\r\n\r\n");
  const head = answer.subarray(0, end).toString();
  const contentType = /^content-type: (.*)$/im.exec(head)?.[1];
  return { status: Number(head.split(" ", 2)[1]), contentType, body: answer.subarray(end + 4) };
}

import { once } from "node:events";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { inCase, provider } from "./telemetry.mjs";

const grpc = createRequire(import.meta.url)("@grpc/grpc-js");

const method = (name, responseStream) => ({
  path: `/app.Agent/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: Buffer.from,
  requestDeserialize: String,
  responseSerialize: Buffer.from,
  responseDeserialize: String,
});
const definition = { never: method("Never", false), stream: method("Stream", true) };
const server = new grpc.Server();
const neverAnswering = () => server.asked();
server.addService(definition, { never: neverAnswering, stream: neverAnswering });
const bind = promisify(server.bindAsync.bind(server));
const port = await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure());

const Client = grpc.makeGenericClientConstructor(definition, "app.Agent");
const clientOf = (address) => new Client(address, grpc.credentials.createInsecure());
const client = clientOf(`127.0.0.1:${port}`);
const never = (options, whenAsked = () => {}, of = client) =>
  new Promise((resolve) => {
    const call = of.never("x", options, resolve);
    server.asked = () => setTimeout(whenAsked, 20, call);
  });

await inCase("unary call, cancelled", () => never({}, (call) => call.cancel()));
await inCase("stream, cancelled", async () => {
  const call = client.stream("x").resume();
  server.asked = () => setTimeout(() => call.cancel(), 20);
  await once(call, "end");
});
await inCase("unary call, deadline", () => never({ deadline: Date.now() + 50 }));
await inCase("server gone while it worked", () => never({}, () => server.forceShutdown()));
client.close();
const nobodys = clientOf("127.0.0.1:1");
await inCase("server never there", () => never({}, undefined, nobodys));
nobodys.close();
await provider.shutdown();

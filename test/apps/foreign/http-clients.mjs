import { aborting, close, http, url } from "./slow-server.mjs";
import { inCase, provider } from "./telemetry.mjs";

const fetched = async (path, signal) => (await fetch(`${url}${path}`, { signal })).text();
const got = (path, signal) =>
  new Promise((resolve, reject) => {
    const request = http.get(`${url}${path}`, { signal }, (response) => {
      response.on("error", reject).on("end", resolve).resume();
    });
    request.on("error", reject);
  });

for (const [name, call] of [
  ["fetch", fetched],
  ["get", got],
]) {
  await inCase(`${name}, aborted`, () => aborting((signal) => call("/never", signal)));
  await inCase(`${name}, aborted in its body`, () => aborting((signal) => call("/stalls", signal)));
  await inCase(`${name}, aborted with a reason`, () =>
    aborting((signal) => call("/never", signal), new Error("why")),
  );
  await inCase(`${name}, timed out`, () => call("/never", AbortSignal.timeout(50)));
  await inCase(`${name}, broken`, () => call("/breaks"));
}
close();
await provider.shutdown();

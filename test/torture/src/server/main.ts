// A server of the torture: begins and ends runs and actions until it is killed. It is told what to
// do by its first argument, and tells what it does in the side channel.
import { createRandom } from "../random.ts";
import { createFleet } from "./fleet.ts";
import { instanceOf } from "./instance.ts";
import { beginLoad } from "./load.ts";
import { setUp } from "./set-up.ts";
import { settingsOf } from "./settings.ts";
import { openSideChannel } from "./side-channel.ts";

const settings = settingsOf(process.argv);
const tell = openSideChannel(settings.side);
tell(["P", { pid: process.pid, instance: instanceOf(settings.process) }]);
const { shutdown } = setUp(settings, tell);
process.send?.("ready");
// Nothing else holds a server that only recovers.
const alive = setInterval(() => undefined, 60_000);
const fleet = createFleet(settings.process, createRandom(settings.seed), tell);
const stopLoad = settings.load === undefined ? undefined : beginLoad(fleet, settings.load);

process.once("SIGTERM", () => {
  stopLoad?.();
  tell(["T", "signal"]);
  void shutdown().then(() => {
    clearInterval(alive);
    process.disconnect?.();
  });
});

const ownEnd = settings.load?.ownEnd;
if (ownEnd !== undefined) {
  setTimeout(() => {
    tell(["T", ownEnd.by]);
    if (ownEnd.by === "exit") process.exit(0);
    throw new Error("thrown by the load");
  }, ownEnd.afterMs);
}

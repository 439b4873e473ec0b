import { once } from "node:events";
import { connect, Socket } from "node:net";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { trace } from "@opentelemetry/api";
import { describe, expect, test, vi } from "vitest";
import { isAlive } from "../../../src/journal/folder/alive.ts";
import { takeOver } from "../../../src/journal/folder/take-over.ts";
import { registerProvider } from "../../tracing.ts";
import { leaveJournal, told, usePlace } from "./journals.ts";
import { fixture, kill, type Owner, startOwner } from "./processes.ts";

const place = usePlace();
const taken = async (): Promise<object> => {
  const folder = place.open();
  const result = told(folder, await takeOver(folder));
  folder.leave();
  return result;
};

describe("a process lives as long as its socket accepts, and not as its pid or its clock says (rule 23)", () => {
  test.each(["waits", "never turns", "with a child"])(
    "one that %s lives until it is killed",
    async (way) => {
      const owner = await startOwner(place.directory, way);
      expect(await taken()).toMatchObject({ paths: [], alive: 1 });
      await kill(owner.process);
      expect(await taken()).toMatchObject({ paths: expect.arrayContaining([owner.id]) });
    },
  );

  test("one that is stopped lives, however many have asked, until it is killed", async () => {
    const owner = await startOwner(place.directory, "waits");
    owner.process.kill("SIGSTOP");
    const path = join(place.directory, owner.id);
    // The queue of a socket holds 512.
    const verdicts = await Promise.all(Array.from({ length: 600 }, () => isAlive(path)));
    expect(new Set(verdicts)).toEqual(new Set([true]));
    const [error] = await once(connect(join(path, "alive")), "error");
    expect(error.code).toBe("EAGAIN");
    expect(await taken()).toMatchObject({ paths: [], alive: 1 });
    owner.process.kill("SIGCONT");
    await vi.waitFor(() => once(connect(join(path, "alive")), "close"));
    expect(await taken()).toMatchObject({ paths: [], alive: 1 });
    await kill(owner.process);
    expect(await taken()).toMatchObject({ paths: expect.arrayContaining([owner.id]) });
  });

  test("a worker of a cluster is dead when it is killed, though its primary lives", async () => {
    const owner = await startOwner(place.directory, "in a cluster");
    expect(owner.pid).not.toBe(owner.process.pid);
    expect(await taken()).toMatchObject({ paths: [], alive: 1 });
    process.kill(owner.pid, "SIGKILL");
    await vi.waitFor(async () => {
      expect(await isAlive(join(place.directory, owner.id))).toBe(false);
    });
    expect(owner.process.exitCode).toBe(null);
  });

  test("a thread is dead when it is terminated, though its process lives", async () => {
    const worker = new Worker(fixture("journal-owner.mjs"), { argv: [place.directory, "waits"] });
    const { id } = JSON.parse((await once(worker, "message"))[0] as string) as Owner;
    expect(await isAlive(join(place.directory, id))).toBe(true);
    await worker.terminate();
    expect(await taken()).toEqual({ paths: [id] });
  });

  test("nothing keeps a process alive, and no listener of it is left", async () => {
    const owner = await startOwner(place.directory, "ends");
    const [status] = await once(owner.process, "exit");
    expect([status, owner.listens]).toEqual([0, []]);
    expect(await taken()).toEqual({ paths: [owner.id] });
  });

  test("the pid of a living process proves nothing", async () => {
    const id = leaveJournal(place.directory, { pid: process.pid });
    expect(await taken()).toEqual({ paths: [id] });
  });
});

test("to ask is no span, and so no run, where sockets are instrumented", async () => {
  registerProvider([]);
  const isRecording: boolean[] = [];
  const connectOf = Socket.prototype.connect;
  // As an instrumentation does: a span for each connection, of the context in which it is made.
  vi.spyOn(Socket.prototype, "connect").mockImplementation(function (
    this: Socket,
    ...args: [string]
  ) {
    isRecording.push(trace.getTracer("net").startSpan("ipc.connect").isRecording());
    return connectOf.apply(this, args);
  });
  leaveJournal(place.directory);
  await taken();
  connect(join(place.directory, "nowhere")).on("error", () => undefined);
  vi.restoreAllMocks();
  expect(isRecording).toEqual([false, true]);
});

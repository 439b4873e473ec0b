import { describe, expect, test } from "vitest";
import { type GroupAt, lossOf } from "../../../src/journal/recovery/loss.ts";
import type { ProcessExit } from "../../../src/journal/recovery/recovery.ts";

const events = "/sys/fs/cgroup/system.slice/shop.service/memory.events";
const at = (oomKills: number, inode = 4242): GroupAt => ({
  boot: "c1b2",
  cgroup: { events, inode, oomKills },
});
const withoutBoot = ({ cgroup }: GroupAt): GroupAt => (cgroup === undefined ? {} : { cgroup });
const QUIET = { before: at(3), after: at(3) };
const KILLED = { before: at(3), after: at(4) };
const TERMINATED = "k8s.container.status.last_terminated_reason";

describe("the attributes of a loss are what somebody said, never a guess", () => {
  test.each<[string, ProcessExit, object]>([
    ["nothing", {}, { "lifecycle.loss.reason": "unknown" }],
    [
      "a signal",
      { signal: "SIGKILL" },
      {
        "lifecycle.loss.reason": "signal",
        "lifecycle.loss.source": "supervisor",
        "lifecycle.loss.signal": "SIGKILL",
      },
    ],
    [
      "an exit code",
      { code: 0 },
      {
        "lifecycle.loss.reason": "exit",
        "lifecycle.loss.source": "supervisor",
        "process.exit.code": 0,
      },
    ],
    [
      "an exit code that a shell makes of SIGKILL, which programs exit with as well",
      { code: 137 },
      {
        "lifecycle.loss.reason": "exit",
        "lifecycle.loss.source": "supervisor",
        "process.exit.code": 137,
      },
    ],
    [
      "a signal and an exit code",
      { code: 143, signal: "SIGTERM" },
      {
        "lifecycle.loss.reason": "signal",
        "lifecycle.loss.source": "supervisor",
        "lifecycle.loss.signal": "SIGTERM",
        "process.exit.code": 143,
      },
    ],
    [
      "OOMKilled and all else",
      { code: 137, signal: "SIGKILL", reason: "OOMKilled" },
      {
        "lifecycle.loss.reason": "oom_kill",
        "lifecycle.loss.source": "kubernetes",
        "lifecycle.loss.signal": "SIGKILL",
        "process.exit.code": 137,
        [TERMINATED]: "OOMKilled",
      },
    ],
    [
      "another reason, which stands beside the exit code",
      { code: 1, reason: "Error" },
      {
        "lifecycle.loss.reason": "exit",
        "lifecycle.loss.source": "supervisor",
        "process.exit.code": 1,
        [TERMINATED]: "Error",
      },
    ],
    [
      "another reason alone, which names nothing that ended it",
      { reason: "Evicted" },
      { "lifecycle.loss.reason": "unknown", [TERMINATED]: "Evicted" },
    ],
  ])("%s", (_title, exit, attributes) => {
    expect(lossOf({ exit, ...QUIET })).toEqual(attributes);
  });
});

describe("the kernel's count is evidence where nobody else said more", () => {
  test("a count that has grown is an oom_kill by the cgroup", () => {
    expect(lossOf(KILLED)).toEqual({
      "lifecycle.loss.reason": "oom_kill",
      "lifecycle.loss.source": "cgroup",
    });
  });

  test("a reason that names nothing stands beside it", () => {
    expect(lossOf({ exit: { reason: "Error" }, ...KILLED })).toEqual({
      "lifecycle.loss.reason": "oom_kill",
      "lifecycle.loss.source": "cgroup",
      [TERMINATED]: "Error",
    });
  });

  test.each<[string, ProcessExit, string, string]>([
    ["Kubernetes", { reason: "OOMKilled" }, "oom_kill", "kubernetes"],
    ["a supervisor's signal", { signal: "SIGKILL" }, "signal", "supervisor"],
    ["a supervisor's exit code", { code: 1 }, "exit", "supervisor"],
  ])("%s comes first", (_title, exit, reason, source) => {
    expect(lossOf({ exit, ...KILLED })).toMatchObject({
      "lifecycle.loss.reason": reason,
      "lifecycle.loss.source": source,
    });
  });

  test.each<[string, GroupAt, GroupAt]>([
    ["it stayed as it was", at(3), at(3)],
    ["it went back", at(3), at(2)],
    ["the group was made anew under its name", at(3), at(4, 4243)],
    ["the machine was started anew", at(3), { ...at(4), boot: "d2" }],
    ["no boot id is known", withoutBoot(at(3)), withoutBoot(at(4))],
    ["the group is gone", at(3), { boot: "c1b2" }],
    ["there was none at the start", { boot: "c1b2" }, at(4)],
    [
      "it is another group's",
      at(3),
      {
        boot: "c1b2",
        cgroup: { events: "/sys/fs/cgroup/memory.events", inode: 4242, oomKills: 4 },
      },
    ],
  ])("it says nothing where %s", (_title, before, after) => {
    expect(lossOf({ before, after })).toEqual({ "lifecycle.loss.reason": "unknown" });
  });
});

describe("what is not allowed is left out", () => {
  test.each<[string, ProcessExit, ProcessExit]>([
    ["an exit code above 255", { code: 255 }, { code: 256 }],
    ["an exit code below 0", { code: 0 }, { code: -1 }],
    ["half an exit code", { code: 1 }, { code: 1.5 }],
    ["a signal that the system does not have", { signal: "SIGTERM" }, { signal: "SIGDIE" }],
    ["a signal of every object", { signal: "SIGHUP" }, { signal: "constructor" }],
    ["a reason of 65 characters", { reason: "a".repeat(64) }, { reason: "a".repeat(65) }],
    ["a sentence for a reason", { reason: "Evicted" }, { reason: "it was evicted" }],
  ])("%s", (_title, accepted, rejected) => {
    const unknown = { "lifecycle.loss.reason": "unknown" };
    expect(lossOf({ exit: accepted, ...QUIET })).not.toEqual(unknown);
    expect(lossOf({ exit: rejected, ...QUIET })).toEqual(unknown);
  });
});

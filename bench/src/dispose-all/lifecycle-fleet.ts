import { createScope, type Run, type Scope, withAction, withRun } from "@otel-lifecycle/api";
import { countUnwound, type Fleet, RUN_NAME, SCOPES, untilAborted } from "./fleet.ts";

/** Runs of ours, in the provider that is registered, and one `withAction` over them. */
export const createLifecycleFleet = (count: number): Fleet => {
  const store = createScope({ kind: "instance_store" });
  const instances = instancesOf(store);
  const unwound = countUnwound(count);
  for (let index = 0; index < count; index += 1) {
    const scope = instances[index % SCOPES] ?? store;
    withRun({ name: RUN_NAME, scope }, waitForAbort).catch(unwound.one);
  }
  return {
    async disposeAll() {
      const begin = performance.now();
      const { callerWait, settled } = withAction(
        {
          kind: "dispose_all",
          scope: store,
          trigger: "http",
          operation: "POST /global/dispose",
          settleTimeoutMs: 120_000,
        },
        (action) => ({ callerWait: performance.now() - begin, settled: action.settled }),
      );
      await unwound.all;
      await settled;
      return { callerWait };
    },
  };
};

// Not a closure of each fleet, because compiled code dies with those that it was compiled for.
const waitForAbort = ({ signal }: Run): Promise<never> => untilAborted(signal);

/** Scopes below one. */
export const instancesOf = (parent: Scope): readonly Scope[] =>
  Array.from({ length: SCOPES }, (_, index) =>
    createScope({ kind: "instance", key: `${index}`, parent }),
  );

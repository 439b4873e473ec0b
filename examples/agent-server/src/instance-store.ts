import {
  type Action,
  type ActionOptions,
  createScope,
  directoryScope,
  processScope,
  type Scope,
  withAction,
} from "@otel-lifecycle/api";
import { createInstance, type Instance } from "./instance.ts";

/** What asked for an action, as far as the caller knows. */
export type Origin = Pick<ActionOptions, "trigger" | "operation" | "signal">;

/** Each operation resolves, once what it closes has ended, with the id of its action. */
export interface InstanceStore {
  readonly open: (directory: string) => Instance;
  readonly reload: (directory: string, origin: Origin) => Promise<string>;
  readonly dispose: (directory: string, origin: Origin) => Promise<string>;
  /** Makes room for another instance. */
  readonly evict: (directory: string, origin: Origin) => Promise<string>;
  readonly disposeDirectory: (directory: string, origin: Origin) => Promise<string>;
  readonly disposeAll: (origin: Origin) => Promise<string>;
  /** Closes what is left because the process ends; no action when nothing is open. */
  readonly shutdown: (origin: Origin) => Promise<string | undefined>;
}

/** Instances by the real path of their directory, opened on demand. */
export const createInstanceStore = (providerUrl: string): InstanceStore => {
  const store = createScope({ kind: "instance_store" });
  const opened = new Map<string, { scope: Scope; instance: Instance }>();

  const open = (directory: string): Instance => {
    const present = opened.get(directory);
    if (present !== undefined) return present.instance;
    const scope = directoryScope(store, directory);
    const instance = createInstance({ directoryScope: scope, directory, providerUrl });
    opened.set(directory, { scope, instance });
    return instance;
  };

  const requireOpen = (directory: string): { scope: Scope; instance: Instance } => {
    const present = opened.get(directory);
    if (present === undefined) throw new NotOpenError("no instance is open in that directory");
    return present;
  };

  // What follows is what any such store does, with one line of `withAction` around it.

  const closeAs = async (kind: string, directory: string, origin: Origin): Promise<string> => {
    const { instance } = requireOpen(directory);
    return withAction({ kind, scope: instance.scope, ...origin }, async (action) => {
      opened.delete(directory);
      await instance.close();
      return action.id;
    });
  };

  const dispose = (directory: string, origin: Origin = {}): Promise<string> =>
    closeAs("dispose", directory, origin);

  const reload = async (directory: string, origin: Origin): Promise<string> => {
    const { instance } = requireOpen(directory);
    return withAction({ kind: "reload", scope: instance.scope, ...origin }, async (action) => {
      await dispose(directory);
      open(directory);
      return action.id;
    });
  };

  const disposeDirectory = async (directory: string, origin: Origin): Promise<string> => {
    const { scope } = requireOpen(directory);
    return withAction({ kind: "dispose_directory", scope, ...origin }, async (action) => {
      await dispose(directory);
      return action.id;
    });
  };

  const disposeEach = async (action: Action): Promise<string> => {
    await Promise.all([...opened.keys()].map((directory) => dispose(directory)));
    return action.id;
  };

  return {
    open,
    reload,
    dispose,
    // A kind of the application's own.
    evict: (directory, origin) => closeAs("evict", directory, origin),
    disposeDirectory,
    disposeAll: (origin) =>
      withAction({ kind: "dispose_all", scope: store, ...origin }, disposeEach),
    shutdown: async (origin) => {
      if (opened.size === 0) return undefined;
      return withAction({ kind: "shutdown", scope: processScope(), ...origin }, disposeEach);
    },
  };
};

/** Asked for an instance that is not there. */
export class NotOpenError extends Error {
  override readonly name = "NotOpenError";
}

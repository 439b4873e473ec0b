import { createRequire, register } from "node:module";
import { pathToFileURL } from "node:url";
import { attempt } from "./diagnostics.ts";
import { variable } from "./variable.ts";

/**
 * Lets the instrumentations that come with `file` patch ES modules too, with the hook of their own
 * `@opentelemetry/instrumentation`; not if the command line has asked for it already.
 */
export function hookModules(file: string | undefined): void {
  const isHooked = [...process.execArgv, variable("NODE_OPTIONS")].join(" ").includes(HOOK);
  if (file === undefined || isHooked) return;
  attempt("ES modules are not instrumented", () => {
    const hook = createRequire(file).resolve(HOOK);
    if (!hookInThread(createRequire(hook))) register(pathToFileURL(hook));
  });
}

const HOOK = "@opentelemetry/instrumentation/hook.mjs";

/** What import-in-the-middle 3 has for Node versions that run hooks without a thread of their own. */
interface SyncHooks {
  supportsSyncHooks(): boolean;
  register(): void;
}

/** Preferred, because the other way starts a thread, and warns on Node 26. False if it cannot be. */
function hookInThread(load: NodeJS.Require): boolean {
  try {
    const hooks = load("import-in-the-middle/register-hooks.mjs") as SyncHooks;
    if (!hooks.supportsSyncHooks()) return false;
    hooks.register();
    return true;
  } catch {
    return false;
  }
}

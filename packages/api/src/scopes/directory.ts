import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, LifecycleError } from "../lifecycle-error.ts";
import { hashKey, internScope, isScope, type Scope } from "./scope.ts";

/**
 * The scope of a directory below `parent`, kind `directory`. However the path is spelt (relative,
 * with a trailing slash, through a symbolic link) it is the same scope; below another parent it
 * is another one. The path itself is not kept: only its keyed hash is, and leaves the process as
 * `lifecycle.scope.key`.
 *
 * Asks the file system once, synchronously; of a path that does not exist, what does is looked up.
 *
 * @throws {@link LifecycleError} `invalid_scope_parent` or `invalid_path`.
 */
export const directoryScope = (parent: Scope, path: string): Scope => {
  if (!isScope(parent)) {
    throw new LifecycleError(
      "invalid_scope_parent",
      `directoryScope: expected as parent a scope of this package, given ${describe(parent)}`,
    );
  }
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    // The path is not in the message: messages end up in logs.
    throw new LifecycleError(
      "invalid_path",
      `directoryScope: expected as path a non-empty string without NUL, given ${
        typeof path === "string" ? `${path.length} characters` : describe(path)
      }`,
    );
  }
  const key = hashKey(normalised(path));
  return internScope({ kind: "directory", key, parent, hashed: key });
};

const normalised = (path: string): string => {
  try {
    // No file system has a path that long, and to go through it would take seconds.
    return path.length > MAX_PATH ? path : real(resolve(path));
  } catch (cause) {
    const message =
      "directoryScope: expected a path that can be made absolute, given a relative one";
    throw new LifecycleError("invalid_path", `${message} in no working directory`, { cause });
  }
};

// A directory may be disposed of after it was removed, or before it is made: then what is above it
// says how it is really spelt.
const real = (absolute: string): string => {
  try {
    return realpathSync.native(absolute);
  } catch {
    const above = dirname(absolute);
    return above === absolute ? absolute : join(real(above), basename(absolute));
  }
};

const MAX_PATH = 4096;

import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { describe, LifecycleError } from "../lifecycle-error.ts";
import { hashKey, internScope, isScope, type Scope } from "./scope.ts";

/**
 * The scope of a directory below `parent`, kind `directory`. However the path is spelt (relative,
 * with a trailing slash, through a symbolic link) it is the same scope; below another parent it
 * is another one. The path itself is not kept: only its keyed hash is, and leaves the process as
 * `lifecycle.scope.key`.
 *
 * Asks the file system once, synchronously; a path that does not exist is taken as written.
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
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    // Because a directory may be disposed of after it was removed, or before it is made.
    return absolute;
  }
};

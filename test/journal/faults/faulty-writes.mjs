// Loaded before a host: the writes of a journal that the environment names are slow, fail or are short.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { writeSync } = fs;
/** @type {{ kind: "slow" | "EIO" | "ENOSPC" | "short", writes: number[] }} */
const { kind, writes } = JSON.parse(process.env["FAULTY_WRITES"] ?? "{}");
let count = 0;
const pause = new Int32Array(new SharedArrayBuffer(4));
/** @type {any} */
const faulty = (
  /** @type {number} */ fd,
  /** @type {Uint8Array} */ bytes,
  /** @type {any[]} */ ...rest
) => {
  // Of a journal alone: everything else has no business with it.
  if (!(bytes instanceof Uint8Array)) return /** @type {any} */ (writeSync)(fd, bytes, ...rest);
  count += 1;
  const isMeant = writes.includes(count);
  if (isMeant && kind === "slow") Atomics.wait(pause, 0, 0, 60);
  else if (isMeant && kind === "short") return writeSync(fd, bytes, 0, 10);
  else if (isMeant) throw Object.assign(new Error(`${kind}: write`), { code: kind });
  return /** @type {any} */ (writeSync)(fd, bytes, ...rest);
};
fs.writeSync = faulty;
syncBuiltinESMExports();

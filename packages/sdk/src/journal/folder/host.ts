import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { guarded } from "@otel-lifecycle/api/internal";

/** Which host this is, as the header of a journal says it. */
export interface Host {
  readonly host: string;
  readonly boot?: string;
}

/** The host's name, at most 255 characters, and the boot id of its kernel where the system has one. */
export const thisHost = (): Host => {
  const host = guarded("host name", hostname)?.slice(0, 255) ?? "";
  const boot = bootId();
  return boot === undefined ? { host } : { host, boot };
};

/**
 * What `other` is to this host. `same`: one kernel, whatever the names, because containers of one
 * node share it and a socket refuses only if nobody listens. `restarted`: a host of this name that
 * has been started anew since, or another that goes by the same name. Else `other`.
 */
export const kinshipOf = (other: Host, here: Host): "same" | "restarted" | "other" => {
  if (other.boot !== undefined && other.boot === here.boot) return "same";
  if (other.host !== here.host) return "other";
  return other.boot === undefined && here.boot === undefined ? "same" : "restarted";
};

const bootId = (): string | undefined => {
  try {
    const text = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return /^[0-9a-f-]{36}$/.test(text) ? text : undefined;
  } catch {
    // Linux alone has one.
    return undefined;
  }
};

import { hostname } from "node:os";
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";

/**
 * Who sends: the service, this instance of it, its process and host. What the environment says wins.
 *
 * The library's detector of processes is left out because it reports the command line, and that of
 * hosts because it answers late: spans of a process that exits at once would wait for it in vain.
 */
export const processResource = (): Resource =>
  defaultResource()
    .merge(
      resourceFromAttributes({
        "host.name": hostname(),
        "process.pid": process.pid,
        "process.runtime.name": "nodejs",
        "process.runtime.version": process.versions.node,
      }),
    )
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }));

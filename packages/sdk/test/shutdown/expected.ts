import { closedBy, counts } from "../span-document.ts";

export const SHUTDOWN = "shutdown process";

/** The document of the shutdown action that the provider's own shutdown makes. */
export const shutdownAction = (given: Parameters<typeof counts>[0], links: readonly string[]) => ({
  name: SHUTDOWN,
  parent: undefined,
  status: "UNSET",
  attributes: {
    "lifecycle.scope.kind": "process",
    "lifecycle.action.id": `id of ${SHUTDOWN}`,
    "lifecycle.action.kind": "shutdown",
    "lifecycle.action.trigger": "runtime",
    "lifecycle.action.operation": "TracerProvider.shutdown",
    "lifecycle.action.result": "completed",
    ...counts(given),
  },
  links: links.map((name) => ({ to: `span of ${name}`, as: "interrupts" })),
});

/** What a run carries that was open at shutdown. */
export const closedAtShutdown = {
  "lifecycle.run.result": "interrupted",
  ...closedBy(SHUTDOWN, "shutdown", "runtime"),
  "lifecycle.close.confidence": "medium",
  "lifecycle.close.via": "shutdown",
};

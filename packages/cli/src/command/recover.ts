import { DiagLogLevel, diag } from "@opentelemetry/api";
import type { RecoveryProgress } from "@otel-lifecycle/sdk/journal";
import type { RecoverCommand } from "./command.ts";
import { deliveryTo } from "./delivery.ts";
import { checkDirectory } from "./journal-directory.ts";
import { note } from "./output.ts";
import { createProgressLine, createProgressLog } from "./progress-line.ts";
import { isAllDone, recoveryJson, recoveryText } from "./recovery-text.ts";
import { createStop } from "./stop.ts";

// Each is one of the exporter's own, which tries five times within 10 s.
const MOST_ATTEMPTS = 5;

/**
 * Exports what the processes left that kept their journals in a directory and are dead. Resolves with
 * the exit status: 1 if something of theirs is left that could not be exported. Throws InputError if
 * the directory cannot be used.
 */
export async function runRecover(command: RecoverCommand): Promise<number> {
  const { directory, exit, pid, anyHost, format } = command;
  checkDirectory(directory);
  passOnWarnings();
  const progress = createProgress(process.stderr);
  const stop = createStop(command.timeoutMs);
  const [{ recoverJournals }, delivery] = await Promise.all([
    import("@otel-lifecycle/sdk/journal"),
    deliveryTo(command.endpoint),
  ]);
  try {
    const result = await recoverJournals(directory, delivery.exporter, {
      exit,
      ...(pid !== undefined && { pid }),
      anyHost,
      onProgress: progress.show,
      signal: stop.signal,
      maxAttempts: MOST_ATTEMPTS,
    });
    progress.clear();
    if (!result.isComplete) note(incompleteText([stop.reason(), delivery.failure()]));
    process.stdout.write(format === "json" ? recoveryJson(result) : recoveryText(result));
    return isAllDone(result) ? 0 : 1;
  } finally {
    progress.clear();
    stop.undo();
    await delivery.exporter.shutdown();
  }
}

function incompleteText(reasons: readonly (string | undefined)[]): string {
  const known = reasons.filter((reason) => reason !== undefined).join("; ");
  return `${known || "not all could be exported"}; what is left waits for the next recovery`;
}

function createProgress(stream: NodeJS.WriteStream) {
  const textOf = ({ exported, spans, journals }: RecoveryProgress): string =>
    `${exported} of ${spans} spans of ${journals} ${journals === 1 ? "journal" : "journals"} exported`;
  return stream.isTTY ? createProgressLine(stream, textOf) : createProgressLog(note, textOf);
}

/** What our packages warn of is one line each; what the exporter says of itself is told as the end is. */
function passOnWarnings(): void {
  const quiet = (): void => undefined;
  const told = (namespace: string, ...words: readonly unknown[]): void => {
    if (namespace.startsWith("@otel-lifecycle/")) note(words.map(String).join(" "));
  };
  const logger = { error: told, warn: told, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

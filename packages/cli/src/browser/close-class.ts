import type { PictureRun } from "./picture.ts";

/** How a way to end looks and reads: a letter besides the colour, because not all see colours. */
export interface CloseClass {
  /** As the span has it; `completed` for runs that nothing closed. */
  readonly name: string;
  readonly label: string;
  readonly letter: string;
  readonly meaning: string;
}

export const COMPLETED = "completed";

const KNOWN: readonly CloseClass[] = [
  known("lifecycle_action", "action", "A", "A lifecycle action of the application closed it."),
  known("user_cancel", "user", "U", "A user asked for it to stop."),
  known(
    "client_disconnect",
    "client left",
    "C",
    "The client went away before its response was finished.",
  ),
  known("timeout", "timeout", "T", "Its deadline passed."),
  known("upstream_disconnect", "upstream", "D", "The connection to a provider broke."),
  known("error", "error", "E", "It failed by itself."),
  known("process_lost", "process lost", "L", "Its process died while it ran."),
  known("unknown_scope_close", "nobody known", "?", "It was aborted, and nobody says by whom."),
  known(COMPLETED, "completed", "✓", "It did its work."),
];

/** The class of a run, `completed` for one that nothing closed. */
export function classOf(run: PictureRun): string {
  return run.class ?? COMPLETED;
}

/** The look of a class; a newer convention's passes through under its own name. */
export function lookOf(name: string): CloseClass {
  return (
    KNOWN.find((look) => look.name === name) ??
    known(name, name, "•", "A class that this page does not know.")
  );
}

/** The classes that runs have, in the order in which they are told everywhere. */
export function classesOf(runs: readonly PictureRun[]): readonly string[] {
  const present = new Set(runs.map(classOf));
  const ordered = KNOWN.map(({ name }) => name);
  const others = [...present].filter((name) => !ordered.includes(name)).sort();
  const all = [...ordered.slice(0, -2), ...others, ...ordered.slice(-2)];
  return all.filter((name) => present.has(name));
}

function known(name: string, label: string, letter: string, meaning: string): CloseClass {
  return { name, label, letter, meaning };
}

import { boundTrigger } from "../bounds.ts";
import type { ActionId, ActionRef } from "../closes/close.ts";
import type { RemoteAction } from "../lifecycle-context.ts";

// At most 194 characters, all of them fit for a header. `_other` is what a kind out of bounds became.
const FORM =
  /^id=([a-z0-9_-]{1,64});root=([a-z0-9_-]{1,64});kind=(?:[a-z][a-z0-9_]{0,31}|_other);trigger=([a-z_]{1,16})$/;

/** An action as the value of `lifecycle.cause`. */
export const causeEntryOf = ({ id, rootId, kind, trigger }: ActionRef): string =>
  `id=${id};root=${rootId};kind=${kind};trigger=${trigger}`;

/**
 * The action that a value names; undefined if it is not of that form to the letter, because half
 * a cause would be a guess. A trigger that is not of the list is `unknown`.
 */
export const parseCauseEntry = (value: string): RemoteAction | undefined => {
  const [, id, rootId, trigger] = FORM.exec(value) ?? [];
  if (id === undefined || rootId === undefined) return undefined;
  return {
    // The form is that of our own ids.
    id: id as ActionId,
    rootId: rootId as ActionId,
    trigger: boundTrigger(trigger) ?? "unknown",
  };
};

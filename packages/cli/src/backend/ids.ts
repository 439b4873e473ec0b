// As the API makes and takes them: no other is on a span of ours.
const ACTION_ID = /^[a-z0-9_-]{1,64}$/;
const RUN_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
// Longer than any that a person has chosen, and short enough for a URL.
const LONGEST_SERVICE = 255;

export function isActionId(text: string): boolean {
  return ACTION_ID.test(text);
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** Whether a service's name can be searched for: a span may bring one of any length. */
export function isServiceName(text: string): boolean {
  return text !== "" && text.length <= LONGEST_SERVICE;
}

/** `service.instance.id` of a process, by its number within the trial. */
export const instanceOf = (process: number): string => `torture-${process}`;

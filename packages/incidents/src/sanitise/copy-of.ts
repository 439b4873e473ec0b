/** The same characters in a string of their own: a slice would keep the megabytes it is cut from. */
export const copyOf = (text: string): string => Buffer.from(text, "latin1").toString("latin1");

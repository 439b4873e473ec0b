/** An input or an option that cannot be used; the message is a sentence for whoever typed it. */
export class InputError extends Error {
  override readonly name: string = "InputError";
}

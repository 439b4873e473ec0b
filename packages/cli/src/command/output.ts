import { screenText } from "../render/screen-text.ts";

/** Whether a stream wants colours; Node honours NO_COLOR, FORCE_COLOR and TERM for terminals. */
export function colourOf(stream: NodeJS.WriteStream): "ansi" | "none" {
  return stream.isTTY && stream.hasColors() ? "ansi" : "none";
}

/** One line on standard error; standard output holds nothing but the account. */
export function note(message: string): void {
  process.stderr.write(`why-closed: ${screenText(message, 1000)}\n`);
}

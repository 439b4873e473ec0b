import type { Answer } from "./answer.ts";
import { ANSWER, MISSING_FILE, NOTES_FILE, QUESTION, REPORT } from "./written-texts.ts";

/** Milliseconds between two pieces of text. */
const PACE_MS = 20;

/** How the provider answers one request. */
export type Behaviour = (answer: Answer) => void;

/**
 * By the model's name. What `holds` keeps its connection until the provider is told to cut it: by
 * then whoever reads has read what was sent.
 */
export const createBehaviours = (
  holds: (answer: Answer) => void,
): ReadonlyMap<string, Behaviour> => {
  const calling = (tool: string, input: string): Behaviour =>
    thenAnswer((answer) => {
      answer.text("One moment.");
      call(answer, tool, input);
      answer.done();
    });
  const cut =
    (begin: Behaviour, hangUp: Behaviour = (answer) => answer.hangUp()): Behaviour =>
    (answer) => {
      begin(answer);
      holds({ ...answer, hangUp: () => hangUp(answer) });
    };

  return new Map<string, Behaviour>([
    // Well behaved.
    ["quick", calling("read_file", NOTES_FILE)],
    ["asks", calling("ask_user", QUESTION)],
    ["writes", calling("write_file", REPORT)],
    ["misreads", calling("read_file", MISSING_FILE)],
    ["checks", calling("run_checks", "all")],
    ["publishes", calling("publish", REPORT)],
    ["slow", streamUntilClosed],
    ["thinks", (answer) => answer.reason("They want a summary")],
    // Silent: never answers, or stops in the middle of it.
    ["mute", () => {}],
    ["stalls", (answer) => answer.text("Let me see")],
    // Broken off, each in another place.
    ["disconnects", cut((answer) => answer.text("Let me"))],
    [
      "resets",
      cut(
        (answer) => answer.text("Let me"),
        (answer) => answer.reset(),
      ),
    ],
    ["disconnects-at-once", (answer) => answer.reset()],
    ["disconnects-opened", cut((answer) => answer.open())],
    ["disconnects-in-reasoning", cut((answer) => answer.reason("They want"))],
    ["disconnects-in-input", cut((answer) => answer.beginCall("write_file", REPORT))],
    ["disconnects-after-call", cut((answer) => call(answer, "read_file", NOTES_FILE))],
    [
      "disconnects-after-answer",
      cut((answer) => {
        answer.text(ANSWER);
        answer.finish("stop");
      }),
    ],
    ["disconnects-after-reading", thenDisconnect("read_file", NOTES_FILE)],
    ["disconnects-after-writing", thenDisconnect("write_file", REPORT)],
    // Errors of the provider.
    ["garbles", (answer) => answer.garble()],
    [
      "refuses",
      (answer) => answer.fail(400, { message: "Too long.", type: "invalid_request_error" }),
    ],
    ["fails", (answer) => answer.fail(500, { message: "Try again.", type: "server_error" })],
    ["limits", (answer) => answer.fail(429, { message: "Slow down.", type: "rate_limit_error" })],
    [
      "fails-midway",
      (answer) => {
        answer.text("Let me");
        answer.fail(500, { message: "Overloaded.", type: "overloaded_error" });
      },
    ],
  ]);
};

/** Calls a tool at the first request, answers at the second. */
const thenAnswer =
  (first: Behaviour): Behaviour =>
  (answer) => {
    if (!answer.hasResult) return first(answer);
    answer.text(ANSWER);
    answer.finish("stop");
    answer.done();
  };

const thenDisconnect =
  (tool: string, input: string): Behaviour =>
  (answer) => {
    if (answer.hasResult) return answer.hangUp();
    call(answer, tool, input);
    answer.done();
  };

const call = (answer: Answer, tool: string, input: string): void => {
  answer.beginCall(tool, input);
  answer.endCall();
  answer.finish("tool_calls");
};

const streamUntilClosed: Behaviour = (answer) => {
  const next = (): void => answer.text("and so on ");
  next();
  const pace = setInterval(next, PACE_MS);
  answer.onClose(() => clearInterval(pace));
};

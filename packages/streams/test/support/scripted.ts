/** What a source answers to one call of a method. */
export type Reply =
  | "value"
  | "end"
  | "plain value"
  | "plain end"
  | "rejection"
  | "throw"
  | "thenable"
  | "never";

export const REPLIES: readonly Reply[] = [
  "value",
  "end",
  "plain value",
  "plain end",
  "rejection",
  "throw",
  "thenable",
  "never",
];

/** What a source has: which methods, and what they answer, in turn; then never anything. */
export interface Script {
  readonly methods: readonly ("return" | "throw")[];
  readonly replies: readonly Reply[];
}

/** A step of a consumer; `wait` lets everything settle that does. */
export type Step = "next" | "next with value" | "return" | "throw" | "wait";

export const STEPS: readonly Step[] = ["next", "next with value", "return", "throw", "wait"];

/** Each value and error once, so that what comes out is compared by identity. */
const GIVEN = Symbol("given");
const VALUES = Array.from({ length: 16 }, (_, index) => ({ part: index }));
const ERRORS = Array.from({ length: 16 }, (_, index) =>
  Object.assign(new Error(`error ${index}`), { code: "ECONNRESET" }),
);

const sourceOf = ({ methods, replies }: Script, trace: unknown[]): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]: () => {
    let calls = 0;
    const answer = (method: string) =>
      function (this: unknown, ...args: unknown[]) {
        trace.push({ asked: method, args, onItself: this === iterator });
        const call = calls++;
        return replyOf(replies[call] ?? "never", call);
      };
    const iterator = {
      next: answer("next"),
      ...Object.fromEntries(methods.map((method) => [method, answer(method)])),
    };
    return iterator as unknown as AsyncIterator<unknown>;
  },
});

const replyOf = (reply: Reply, call: number): unknown => {
  const result = { done: reply.endsWith("end"), value: VALUES[call % 16] };
  const error = ERRORS[call % 16];
  if (reply === "throw") throw error;
  if (reply === "rejection") return Promise.reject(error);
  if (reply === "never") return new Promise(() => undefined);
  // biome-ignore lint/suspicious/noThenProperty: a source may answer with any thenable.
  if (reply === "thenable") return { then: (yes: (result: unknown) => void) => yes(result) };
  return reply.startsWith("plain") ? result : Promise.resolve(result);
};

/** All that a source and its consumer can see of each other, in order. */
export const traceOf = async (
  script: Script,
  steps: readonly Step[],
  through: (source: AsyncIterable<unknown>) => AsyncIterable<unknown>,
): Promise<readonly unknown[]> => {
  const trace: unknown[] = [];
  const iterator = through(sourceOf(script, trace))[Symbol.asyncIterator]();
  for (const [index, step] of steps.entries()) {
    if (step === "wait") await settled();
    else take(iterator, { step, index }, trace);
  }
  await settled();
  return trace;
};

/** Every microtask that was to come has come once a macrotask has. */
const settled = () => new Promise((yes) => setImmediate(yes));

const take = (
  iterator: AsyncIterator<unknown>,
  { step, index }: { step: Step; index: number },
  trace: unknown[],
) => {
  const tell = (what: string) => (value: unknown) => trace.push({ index, [what]: value });
  try {
    const answer = call(iterator, step);
    if (isThenable(answer)) Promise.resolve(answer).then(tell("answered"), tell("rejected"));
    else tell("answered at once")(answer);
  } catch (error) {
    // The platform words its own errors by the name of the variable.
    tell("threw")(error instanceof TypeError ? "no such method" : error);
  }
};

const isThenable = (answer: unknown): answer is PromiseLike<unknown> =>
  typeof (answer as { then?: unknown } | undefined)?.then === "function";

const call = (iterator: AsyncIterator<unknown>, step: Step): unknown => {
  if (step === "next") return iterator.next();
  if (step === "next with value") return iterator.next(GIVEN as never);
  const method = step === "return" ? iterator.return : iterator.throw;
  return method === undefined ? undefined : Reflect.apply(method, iterator, [GIVEN]);
};

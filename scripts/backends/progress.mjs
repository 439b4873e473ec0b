/**
 * @typedef {object} Progress
 * @property {(line: string) => void} say one line that stays
 * @property {(name: string, doing: string) => void} step what is being done from now on, for how long is counted
 * @property {(name: string) => number} end it is over; gives the seconds since its first step
 * @property {() => void} stop nothing is drawn any more
 */

const TERMINAL_MS = 1_000;
// In a log, where every line stays.
const LOG_MS = 10_000;

/**
 * Says every few seconds what goes on, so that minutes of work never look like a hang: redrawn in
 * place on a terminal, a line every 10 s elsewhere.
 * @param {NodeJS.WriteStream} [out]
 * @returns {Progress}
 */
export function showProgress(out = process.stdout) {
  /** @type {Map<string, { doing: string, begin: number }>} */
  const tasks = new Map();
  const clear = out.isTTY ? "\r\u001b[K" : "";
  const draw = () => {
    if (tasks.size === 0) return;
    const parts = [...tasks].map(
      ([name, { doing, begin }]) => `${name}: ${doing}, ${since(begin)} s`,
    );
    const line = `backends: ${parts.join(" · ")}`;
    out.write(out.isTTY ? `${clear}${line.slice(0, out.columns - 1)}` : `${line}\n`);
  };
  const timer = setInterval(draw, out.isTTY ? TERMINAL_MS : LOG_MS);
  const say = (/** @type {string} */ line) => void out.write(`${clear}backends: ${line}\n`);
  return {
    say,
    step: (name, doing) => {
      tasks.set(name, { doing, begin: tasks.get(name)?.begin ?? performance.now() });
      if (out.isTTY) draw();
      else say(`${name}: ${doing}`);
    },
    end: (name) => {
      const seconds = since(tasks.get(name)?.begin ?? performance.now());
      tasks.delete(name);
      return seconds;
    },
    stop: () => {
      clearInterval(timer);
      out.write(clear);
    },
  };
}

/** @param {number} begin */
function since(begin) {
  return Math.round((performance.now() - begin) / 1000);
}

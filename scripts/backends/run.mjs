import { spawn } from "node:child_process";

/**
 * @typedef {{ command: string, args: string[], cwd?: string, env?: NodeJS.ProcessEnv }} Step
 */

const ATTEMPTS = 3;
const TAIL_LINES = 30;

const NETWORK =
  /dial tcp|i\/o timeout|TLS handshake|connection re|unexpected EOF|stream error|no such host|50[0-4] +(Bad|Service|Internal|Gateway)|Temporary failure|Failed to fetch/;

/** @type {[RegExp, string][]} */
const REMEDIES = [
  [/no space left/, "The disk is full: the build needs about 6 GB for Go's caches."],
  [/signal: killed|cannot allocate memory/, "Memory ran out: the build needs about 4 GB."],
  [NETWORK, "The network failed: run it again, what was downloaded stays. Go reads GOPROXY."],
  [
    /SECURITY ERROR|checksum mismatch/,
    "A module is not what it was when it was pinned: do not use it.",
  ],
];

const OTHERWISE = "CONTRIBUTING.md, The backends of the tests, says what is needed.";

/**
 * Runs a command to its end and resolves with its standard output. What the network has broken is
 * tried again. Rejects with the end of what it wrote and with what can be done about it.
 * @param {Step} step
 * @returns {Promise<string>}
 */
export async function run(step) {
  for (let attempt = 1; ; attempt++) {
    const { ok, stdout, output } = await once(step);
    if (ok) return stdout;
    if (attempt < ATTEMPTS && NETWORK.test(output)) continue;
    throw new Error(explain(step, output));
  }
}

/**
 * @param {Step} step
 * @returns {Promise<{ ok: boolean, stdout: string, output: string }>}
 */
function once({ command, args, cwd, env = process.env }) {
  return new Promise((resolve) => {
    let stdout = "";
    let output = "";
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const end = () => void child.kill();
    // Before its folder goes, which it would else write into.
    process.prependListener("exit", end);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ ok: false, stdout, output: error.message }));
    child.on("close", (code) => {
      process.off("exit", end);
      resolve({ ok: code === 0, stdout, output });
    });
  });
}

/**
 * @param {Step} step
 * @param {string} output
 */
function explain({ command, args }, output) {
  const tail = output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  const [, remedy = OTHERWISE] = REMEDIES.find(([pattern]) => pattern.test(output)) ?? [];
  return [`$ ${[command, ...args].join(" ")}`, tail, remedy].join("\n");
}

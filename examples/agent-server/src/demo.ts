/**
 * Drives the agent server through everything that can end a run, and prints who closed which, out
 * of the spans that arrived over OTLP/HTTP. The account is held against what was driven.
 */
import { writeFile } from "node:fs/promises";
import { type Account, type AccountJson, renderAccount, toJson } from "why-closed";
import { complaintsAbout } from "./check/verdict.ts";
import { createAgentClient } from "./demo/agent-client.ts";
import { type DemoOptions, parseDemoOptions, USAGE } from "./demo/demo-options.ts";
import { describeError } from "./demo/describe-error.ts";
import { createProviderClient } from "./demo/provider-client.ts";
import { drive } from "./demo/scenario.ts";
import { type Stage, setStage } from "./demo/stage.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const log = (line: string): void => {
  const seconds = process.uptime().toFixed(1);
  process.stderr.write(`${seconds.padStart(5)} s  ${line}\n`);
};

const main = async (): Promise<void> => {
  const options = await readOptions();
  if (options === undefined) return;

  const interruption = new AbortController();
  const { signal } = interruption;
  let raised: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    raised ??= name;
    interruption.abort(new Error(`interrupted by ${name}`));
  };
  // For as long as there is something to clear away: below pnpm one Ctrl-C arrives twice.
  for (const name of SIGNALS) process.on(name, onSignal);

  let stage: Stage | undefined;
  try {
    stage = await setStage({ signal, onLost: (error) => interruption.abort(error), log });
    await perform(options, stage, signal);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`demo: ${describeError(signal.aborted ? signal.reason : error)}\n`);
  } finally {
    await stage?.close();
  }
  for (const name of SIGNALS) process.off(name, onSignal);
  // Ends as the signal would have ended it, now that nothing is left behind.
  if (raised !== undefined) process.kill(process.pid, raised);
};

const readOptions = async (): Promise<DemoOptions | undefined> => {
  try {
    const options = parseDemoOptions(process.argv.slice(2));
    // A file that cannot be written is found out now, not after the play.
    if (options.out !== undefined) await writeFile(options.out, "");
    return options;
  } catch (error) {
    process.exitCode = 2;
    process.stderr.write(`demo: ${describeError(error)}\n${USAGE}\n`);
    return undefined;
  }
};

const perform = async (options: DemoOptions, stage: Stage, signal: AbortSignal): Promise<void> => {
  const { directories, receiver, serverUrl, providerUrl } = stage;
  const agent = createAgentClient(serverUrl, signal);
  const provider = createProviderClient(providerUrl, signal);
  const driven = await drive({ agent, provider, directories, log });

  log("the server ends and exports its last spans");
  await stage.endServer();
  signal.throwIfAborted();

  const { requests, logRequests } = receiver;
  if (options.out !== undefined) {
    await writeFile(options.out, lines([...requests, ...logRequests]));
  }
  const account = receiver.account();
  const json = toJson(account);
  process.stderr.write("\n");
  process.stdout.write(options.json ? jsonText(json) : tree(account));
  process.stderr.write("\n");

  const complaints = complaintsAbout({ driven, directories, account: json, requests, logRequests });
  if (complaints.length > 0) {
    throw new Error(`the account is not what was driven:\n  ${complaints.join("\n  ")}`);
  }
  log(`the account is what was driven: ${json.runs.length} runs, ${json.actions.length} actions`);
};

const lines = (requests: readonly string[]): string =>
  requests.map((request) => `${request}\n`).join("");

const jsonText = (account: AccountJson): string => `${JSON.stringify(account, null, 2)}\n`;

const tree = (account: Account): string => {
  const colour = process.stdout.isTTY && process.stdout.hasColors() ? "ansi" : "none";
  return renderAccount(account, { colour });
};

await main();

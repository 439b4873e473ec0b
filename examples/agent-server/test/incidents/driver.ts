import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentClient, createAgentClient } from "../../src/demo/agent-client.ts";
import { createProviderClient, type ProviderClient } from "../../src/demo/provider-client.ts";
import { NOTES, NOTES_FILE, PROMPT } from "../../src/model/written-texts.ts";
import type { AgentServer } from "../agent-server.ts";
import type { Row } from "./row.ts";

/** What a row does to its run, over HTTP. */
export interface Driver {
  readonly agent: AgentClient;
  readonly provider: ProviderClient;
  readonly id: string;
  readonly directory: string;
  readonly server: AgentServer;
}

/** Drives rows one after the other, each run in a directory of its own; gives what it made. */
export const driveRows = async (server: AgentServer, rows: readonly Row[]): Promise<Driver[]> => {
  const { signal } = new AbortController();
  const agent = createAgentClient(server.url, signal);
  const provider = createProviderClient(server.providerUrl, signal);
  const driven: Driver[] = [];
  for (const row of rows) {
    const directory = await realpath(await mkdtemp(join(tmpdir(), "incident-")));
    await writeFile(join(directory, NOTES_FILE), NOTES);
    const driver = { agent, provider, id: row.id, directory, server };
    driven.push(driver);
    const session = await agent.openSession(directory);
    await agent.sendMessage(session, { prompt: PROMPT, ...row.message, id: row.id });
    if (row.until !== undefined) await agent.until(row.id, row.until);
    await row.act?.(driver);
    if (row.ends !== "server") await agent.until(row.id, "ended");
  }
  return driven;
};

export const clearAway = async (driven: readonly Driver[]): Promise<void> => {
  for (const { directory } of driven) await rm(directory, { recursive: true, force: true });
};

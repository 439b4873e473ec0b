import type { Driven } from "../check/driven.ts";
import { PROMPT } from "../model/written-texts.ts";
import type { AgentClient } from "./agent-client.ts";
import { drivenBy } from "./driven-by.ts";
import type { ProviderClient } from "./provider-client.ts";

export interface ScenarioOptions {
  readonly agent: AgentClient;
  readonly provider: ProviderClient;
  readonly directories: Directories;
  readonly log: (line: string) => void;
}

export interface Directories {
  readonly shop: string;
  readonly blog: string;
  readonly docs: string;
}

/**
 * Three directories with four runs each. Every one of them ends for another reason, and to the
 * application most of them look the same. Each step waits for the state that the next one needs.
 */
export const drive = async (options: ScenarioOptions): Promise<Driven> => {
  const { agent, provider, directories, log } = options;
  const shop = await agent.openSession(directories.shop);
  const blog = await agent.openSession(directories.blog);
  const docs = await agent.openSession(directories.docs);

  const begin = (session: string, id: string, model: string, timeoutMs?: number): Promise<void> =>
    agent.sendMessage(session, { id, model, prompt: PROMPT, timeoutMs });

  log("nine runs begin in three directories");
  await begin(shop, "shop-1", "quick");
  await begin(shop, "shop-2", "fails");
  await begin(shop, "shop-3", "slow");
  await begin(blog, "blog-1", "slow");
  await begin(blog, "blog-3", "asks");
  await begin(docs, "docs-1", "disconnects");
  await begin(docs, "docs-2", "slow");
  await begin(docs, "docs-3", "asks");
  await begin(docs, "docs-4", "slow");

  await agent.until("shop-1", "ended");
  log("shop-1 completes");
  // Not before: what the first request takes to load would be of its time.
  await begin(blog, "blog-2", "stalls", 500);
  log("blog-2 begins, with a deadline");
  await agent.until("shop-2", "ended");
  log("shop-2 fails by itself: its provider answers 500");
  await agent.until("docs-1", "streaming");
  await provider.cut();
  await agent.until("docs-1", "ended");
  log("docs-1 loses its provider's connection in the middle of the stream");
  await agent.until("blog-2", "ended");
  log("blog-2 times out: its provider has gone silent");

  await agent.until("blog-1", "streaming");
  await agent.stop("blog-1");
  await agent.until("blog-1", "ended");
  log("blog-1 is stopped by its user");

  await agent.until("docs-2", "streaming");
  await agent.abort("docs-2");
  await agent.until("docs-2", "ended");
  log("docs-2 is aborted, and nobody says by whom");

  await agent.until("shop-3", "streaming");
  const reload = await agent.close("/instance/reload", directories.shop);
  log("the instance of shop is reloaded, while shop-3 streams");
  await begin(shop, "shop-4", "slow");
  log("shop-4 begins in the new instance");

  await agent.until("blog-3", "tool");
  const disposeDirectory = await agent.close("/directory/dispose", directories.blog);
  log("the directory of blog is disposed, while blog-3 is in a tool call");
  await begin(blog, "blog-4", "slow");
  log("blog-4 begins, and so the directory is opened again");

  await agent.until("shop-4", "streaming");
  await agent.until("blog-4", "streaming");
  await agent.until("docs-3", "tool");
  await agent.until("docs-4", "streaming");
  const disposeAll = await agent.close("/global/dispose");
  log("everything is disposed, while four runs are in flight in all three directories");
  log(`the application itself saw: ${await agent.errors()}`);

  return drivenBy({ reload, disposeDirectory, disposeAll });
};

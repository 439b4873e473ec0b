import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

export interface ToolCall {
  readonly name: string;
  readonly input: string;
}

interface ToolEnvironment {
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Executes what the model asked for and gives the text to answer it with. */
export const executeTool = (call: ToolCall, environment: ToolEnvironment): Promise<string> => {
  const tool = tools.get(call.name);
  if (tool === undefined) throw new RangeError(`expected a known tool, got "${call.name}"`);
  return tool(call.input, environment);
};

type Tool = (input: string, environment: ToolEnvironment) => Promise<string>;

const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  [
    "read_file",
    // The base name alone, because a model may ask for any path.
    (path, { directory, signal }) =>
      readFile(join(directory, basename(path)), { encoding: "utf8", signal }),
  ],
  [
    "ask_user",
    async (_question, { signal }) => {
      // Nobody sits in front of this example, so the answer never comes.
      const [answer] = await once(new EventEmitter(), "answer", { signal });
      return String(answer);
    },
  ],
]);

import { type NodeBinary, nodeBinaries } from "../support/nodes.ts";
import type { ModuleForm } from "../support/programs.ts";

/** One combination that is claimed to work. */
export interface Cell {
  readonly app: string;
  readonly node: string;
  readonly form: ModuleForm;
}

const LINES: Readonly<Record<string, readonly number[]>> = {
  "sdk-2": [20, 22],
  "sdk-3": [22, 24, 26],
};

/** Both lines of OpenTelemetry JS on the versions of Node.js that they are run on, in both forms. */
export const cells = (): readonly [title: string, cell: Cell][] => {
  const nodes = nodeBinaries();
  return Object.entries(LINES).flatMap(([app, majors]) =>
    nodes
      .filter((node) => majors.includes(majorOf(node)))
      .flatMap((node) =>
        (["esm", "commonjs"] as const).map((form): [string, Cell] => [
          `${app} on Node ${node.version.slice(1)} as ${form}`,
          { app, node: node.path, form },
        ]),
      ),
  );
};

const majorOf = ({ version }: NodeBinary): number => Number.parseInt(version.slice(1), 10);

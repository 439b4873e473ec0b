import type { ActionAccount } from "../account/action-account.ts";

/** An action and those that were nested in it. */
export interface ActionNode {
  readonly action: ActionAccount;
  readonly nested: readonly ActionNode[];
}

// Deeper ones stand at the outermost level, naming their parent: a screen is not wider.
const DEEPEST = 16;

/**
 * The actions as trees by their parent ids. What has no parent in this input, or sits in a circle
 * of parents, which only a hostile input has, is a tree of its own.
 */
export function forestOf(actions: readonly ActionAccount[]): readonly ActionNode[] {
  const nodes = actions.map((action) => ({ action, nested: [] as ActionNode[] }));
  const byId = new Map(nodes.toReversed().map((node) => [node.action.id, node]));

  const parentOf = ({ action }: ActionNode) =>
    action.parentId === undefined ? undefined : byId.get(action.parentId);
  const reachesRoot = (node: ActionNode): boolean => {
    let ancestor = parentOf(node);
    for (let depth = 1; depth < DEEPEST && ancestor !== undefined; depth += 1)
      ancestor = parentOf(ancestor);
    return ancestor === undefined;
  };

  return nodes.filter((node) => {
    const parent = reachesRoot(node) ? parentOf(node) : undefined;
    parent?.nested.push(node);
    return parent === undefined;
  });
}

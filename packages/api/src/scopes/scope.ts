import { createHmac } from "node:crypto";
import type { Attributes } from "@opentelemetry/api";
import type { Cover } from "../actions/cover.ts";
import { ATTR_SCOPE_KEY, ATTR_SCOPE_KIND } from "../attributes.ts";
import { isKind } from "../bounds.ts";
import { noteBounded } from "../diagnostics.ts";
import { describe, LifecycleError } from "../lifecycle-error.ts";
import { nextNumber, registry } from "../registry.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { Bag, type Placed } from "./bag.ts";

/**
 * What owns runs and can be closed: a process, an instance store, an instance, a directory.
 * Scopes form a tree; closing one closes what runs in it and below it.
 */
export interface Scope {
  /** A low-cardinality token, e.g. `instance_store`: `lifecycle.scope.kind`. */
  readonly kind: string;
  /** Tells scopes of a kind below one parent apart. It does not leave the process as it is. */
  readonly key: string | undefined;
  /** The scope that this one is closed with; only the process scope has none. */
  readonly parent: Scope | undefined;
}

/** What {@link createScope} takes. */
export interface ScopeOptions {
  /** 1 to 32 characters of `a-z 0-9 _`, beginning with a letter. */
  readonly kind: string;
  /**
   * With a key the scope is interned: the same kind and key below the same parent is the same
   * scope. Without one, each call makes a scope of its own.
   */
  readonly key?: string;
  /** Default: the process scope. */
  readonly parent?: Scope;
  /**
   * Exports the key as `lifecycle.scope.key`, hashed. Default: false. What runs in a scope that
   * exports none carries that of the nearest scope above which does: a run of an instance below a
   * directory is found by the directory's.
   */
  readonly exportKey?: boolean;
}

/** The scope's node in the registry; what of it is mutable is changed synchronously. */
export interface ScopeNode extends Scope, Placed {
  /** Itself: what only looks like a scope, or wraps one, does not have that. */
  readonly [NODE]: ScopeNode;
  readonly parent: ScopeNode | undefined;
  /** The key as it may leave the process. */
  readonly hashed: string | undefined;
  readonly serial: number;
  /** This scope and the ones above it. */
  readonly path: readonly ScopeNode[];
  /** `lifecycle.scope.*`, set at the start of runs and actions. */
  readonly attributes: Readonly<Attributes>;
  /** Runs whose own scope this is. */
  readonly runs: Bag<ManagedRun>;
  /** Runs of other scopes that are inside a run of this one, or of one below it. */
  visitors: Set<ManagedRun> | undefined;
  /** Scopes directly below that have runs in them or below them. */
  readonly activeChildren: Bag<ScopeNode>;
  /** How many runs are in flight in this scope and below it. */
  activeCount: number;
  /** Covers made on this scope that have not been taken off it yet. */
  covers: Cover[];
}

const NODE: unique symbol = Symbol.for("@otel-lifecycle/api.scope.v1");
const OPTIONS = ["kind", "key", "parent", "exportKey"];

/**
 * A scope for runs and actions.
 *
 * @throws {@link LifecycleError} `invalid_option`, `unknown_option`, `invalid_scope_kind`, `invalid_scope_key` or
 * `invalid_scope_parent`.
 */
export const createScope = (options: ScopeOptions): Scope => {
  if (typeof options !== "object" || options === null) {
    throw new LifecycleError(
      "invalid_option",
      `createScope: expected an object of options, given ${describe(options)}`,
    );
  }
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new LifecycleError(
      "unknown_option",
      `createScope: expected the options ${OPTIONS.join(", ")}, given ${describe(unknown)}`,
    );
  }
  const { kind, key, parent, exportKey } = options;
  if (!isKind(kind)) {
    throw new LifecycleError(
      "invalid_scope_kind",
      `createScope: expected as kind 1 to 32 characters of a-z 0-9 _, beginning with a letter, given ${describe(kind)}`,
    );
  }
  if (key !== undefined && (typeof key !== "string" || key === "")) {
    throw new LifecycleError(
      "invalid_scope_key",
      `createScope: expected as key a non-empty string, given ${describe(key)}`,
    );
  }
  if (parent !== undefined && !isScope(parent)) {
    throw new LifecycleError(
      "invalid_scope_parent",
      `createScope: expected as parent a scope of this package, given ${describe(parent)}`,
    );
  }
  if (exportKey !== undefined && typeof exportKey !== "boolean") {
    throw new LifecycleError(
      "invalid_option",
      `createScope: expected as exportKey a boolean, given ${describe(exportKey)}`,
    );
  }
  const hashed = exportKey === true && key !== undefined ? hashKey(key) : undefined;
  return internScope({ kind, key, parent: parent ?? processNode(), hashed });
};

/** The root of the tree: what a shutdown of the process closes. */
export const processScope = (): Scope => processNode();

export const processNode = (): ScopeNode =>
  (registry.process ??= createNode({
    kind: "process",
    key: undefined,
    parent: undefined,
    hashed: undefined,
  }));

export const isScope = (value: unknown): value is ScopeNode =>
  typeof value === "object" && value !== null && (value as Partial<ScopeNode>)[NODE] === value;

/** HMAC-SHA-256 under the process's key, the first 16 hexadecimal digits. */
export const hashKey = (key: string): string =>
  createHmac("sha256", registry.hashKey).update(key).digest("hex").slice(0, 16);

interface Identity {
  readonly kind: string;
  readonly key: string | undefined;
  readonly parent: ScopeNode | undefined;
  /** The key as it may leave the process. */
  readonly hashed: string | undefined;
}

export const internScope = (identity: Identity): ScopeNode => {
  const { kind, key, parent } = identity;
  if (key === undefined) return createNode(identity);
  const name = `${parent?.serial ?? 0} ${kind} ${key}`;
  const interned = registry.scopes.get(name)?.deref();
  if (interned !== undefined) {
    if (interned.hashed !== identity.hashed) {
      noteBounded("scope exportKey", "the same scope was made with another value, which stands.");
    }
    return interned;
  }
  const node = createNode(identity);
  registry.scopes.set(name, new WeakRef(node));
  collected.register(node, name);
  return node;
};

// Held weakly, so that a server that opens a million directories keeps none of their scopes: a
// scope lives as long as somebody holds it, and a run in flight holds its own.
const collected = new FinalizationRegistry<string>((name) => {
  if (registry.scopes.get(name)?.deref() === undefined) registry.scopes.delete(name);
});

const createNode = ({ kind, key, parent, hashed }: Identity): ScopeNode => {
  const path: ScopeNode[] = [];
  const node: Omit<ScopeNode, typeof NODE> = {
    kind,
    key,
    hashed,
    parent,
    serial: nextNumber(),
    path,
    attributes: Object.freeze({
      ...parent?.attributes,
      [ATTR_SCOPE_KIND]: kind,
      ...(hashed === undefined ? undefined : { [ATTR_SCOPE_KEY]: hashed }),
    }),
    place: 0,
    runs: new Bag(),
    visitors: undefined,
    activeChildren: new Bag(),
    activeCount: 0,
    covers: [],
  };
  const branded: ScopeNode = Object.assign(node, { [NODE]: node as ScopeNode });
  path.push(branded, ...(parent?.path ?? []));
  return branded;
};

import "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** What no installation can bring to this machine; a test that says so may be skipped, in CI too. */
    platform?: string;
  }
}

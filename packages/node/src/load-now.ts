import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Loads one of our dependencies on demand, and before the application, for which `import()` is too
 * late. As the kind of module that `import` gives, because packages of the 3.x line have both, and
 * would be loaded twice.
 */
export const loadNow = (specifier: string): unknown =>
  require(fileURLToPath(import.meta.resolve(specifier)));

const require = createRequire(import.meta.url);

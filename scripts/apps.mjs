/**
 * Installs the applications of `test/apps` that the tests run against, all or the named ones, and
 * puts the packages of this workspace into each of them, as packed. What has not changed since it
 * was installed stays. Build first.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { appsNamed, installApp } from "./apps/install.mjs";
import { packedPackages } from "./apps/packed.mjs";

const { positionals } = parseArgs({ allowPositionals: true });
const begin = performance.now();
const apps = appsNamed(positionals);
const packages = packedPackages();
const waiting = [...apps];

async function installNext() {
  for (let app = waiting.shift(); app !== undefined; app = waiting.shift()) {
    await installApp(app, packages);
  }
}
// npm keeps one core busy.
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, installNext));

const seconds = ((performance.now() - begin) / 1000).toFixed(1);
console.log(`test/apps: ${apps.map(({ name }) => name).join(", ")} ready in ${seconds} s`);

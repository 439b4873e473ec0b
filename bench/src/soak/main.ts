import { runSoak } from "./run-soak.ts";

process.exitCode = await runSoak(process.argv.slice(2), process);

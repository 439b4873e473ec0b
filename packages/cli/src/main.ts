#!/usr/bin/env node
import { runCommand } from "./command/run-command.ts";

// Not process.exit(): output that a pipe has not taken yet would be lost.
process.exitCode = await runCommand(process.argv.slice(2));

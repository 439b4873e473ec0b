// The application that is started: it does nothing, and says what CPU time the process took.
import { writeSync } from "node:fs";

process.once("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(1, `${user + system}`);
});

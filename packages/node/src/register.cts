// node --require @otel-lifecycle/node/register app.js

// The thread in which Node runs module hooks repeats every `--require`, and Node 22 crashes if that
// loads an ES module there. It is the only thread with neither a main script nor a parent.
const { isMainThread, parentPort } = require("node:worker_threads");
const program = "./register.js";
if (isMainThread || parentPort !== null) require(program);

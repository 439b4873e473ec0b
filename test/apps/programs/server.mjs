// Leaves every request open.
import { createServer } from "node:http";

const server = createServer(({ url }) => {
  process.stdout.write(`open ${url}\n`);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`);
});

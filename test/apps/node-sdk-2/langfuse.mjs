import { LangfuseSpanProcessor } from "@langfuse/otel";
import { NodeSDK } from "@opentelemetry/sdk-node";

const { VENDOR_URL: baseUrl } = process.env;
const keys = { publicKey: "pk-lf-test", secretKey: "sk-lf-test" };
const shouldExportSpan = () => true;
const sdk = new NodeSDK({
  spanProcessors: [new LangfuseSpanProcessor({ ...keys, baseUrl, shouldExportSpan })],
});
sdk.start();
process.once("beforeExit", () => sdk.shutdown());

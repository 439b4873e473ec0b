import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { Context, heartbeat, sleep } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { OpenTelemetryActivityInboundInterceptor } from "@temporalio/interceptors-opentelemetry";
import { MockActivityEnvironment } from "@temporalio/testing";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();

const inCase = async (activityType, activity) => {
  const interceptor = (context) => ({
    inbound: new OpenTelemetryActivityInboundInterceptor(context),
  });
  const interceptors = [interceptor];
  const environment = new MockActivityEnvironment({ activityType }, { interceptors });
  await environment.run(activity, environment).catch(() => {});
};

await inCase("cancelled while it slept", async (environment) => {
  setTimeout(() => environment.cancel(), 20);
  await sleep("1 hour");
});
await inCase("cancelled, and returned", async (environment) => {
  environment.cancel();
  await Context.current().cancelled.catch(() => {});
});
await inCase("failed", () => {
  throw ApplicationFailure.create({ message: "CANCELLED" });
});
await inCase("completed", async () => heartbeat());
await provider.shutdown();

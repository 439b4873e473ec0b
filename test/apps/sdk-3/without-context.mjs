import { trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";

trace.setGlobalTracerProvider(new TracerProvider());

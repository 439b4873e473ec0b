import { DiagConsoleLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { attach } from "@otel-lifecycle/node";

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
attach();

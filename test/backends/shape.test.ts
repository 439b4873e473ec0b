import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { describeWith } from "./support/binary.ts";
import { CONFIGS, startCollector } from "./support/collector.ts";

interface Config {
  readonly receivers: {
    readonly otlp: {
      readonly protocols: Readonly<Record<"grpc" | "http", Readonly<Record<string, unknown>>>>;
    };
  };
  readonly service: {
    readonly pipelines: Readonly<
      Record<
        string,
        { readonly receivers: readonly string[]; readonly processors?: readonly string[] }
      >
    >;
  };
}

describe.each(["gateway.yaml", "agent.yaml", "gateway-scaled.yaml"])("%s", (file) => {
  const config: Config = parse(readFileSync(join(CONFIGS, file), "utf8"));

  test("takes 8 MiB on either port, on the loopback", () => {
    const on = (name: string, port: number): string =>
      `\${env:LIFECYCLE_BIND:-127.0.0.1}:\${env:LIFECYCLE_${name}_PORT:-${port}}`;
    expect(config.receivers.otlp.protocols).toEqual({
      grpc: { endpoint: on("GRPC", 4317), max_recv_msg_size_mib: 8 },
      http: { endpoint: on("HTTP", 4318), max_request_body_size: 8 * 2 ** 20 },
    });
  });

  test("asks before anything else whether there is memory for it", () => {
    const first = Object.values(config.service.pipelines)
      .filter(({ receivers }) => receivers.includes("otlp"))
      .map(({ processors = [] }) => processors[0]);
    expect(first).toEqual(["memory_limiter"]);
  });
});

describeWith(["otelcol"], "what waits on disk", () => {
  test.each(["gateway.yaml", "agent.yaml"])("%s lets nobody else read it", async (file) => {
    const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-state-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const stateDir = join(folder, "made by it");
    await startCollector({ configs: [file], stateDir });
    expect((statSync(stateDir).mode & 0o777).toString(8)).toBe("700");
  });
});

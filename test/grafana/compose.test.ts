import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Pipelines {
  readonly service: {
    readonly pipelines: Readonly<Record<string, { readonly exporters?: readonly string[] }>>;
  };
}

interface Exporter {
  readonly endpoint?: string;
  readonly sending_queue?: Readonly<Record<string, unknown>>;
}

interface DataSource {
  readonly uid: string;
  readonly url: string;
  readonly jsonData: unknown;
}

const FOLDER = fileURLToPath(new URL("../../collector-config/", import.meta.url));
const textOf = (path: string): string => readFileSync(join(FOLDER, path), "utf8");
// Anchors of YAML 1.1, as docker compose reads them.
const yamlOf = <T>(path: string): T => parse(textOf(path), { merge: true });

const compose = yamlOf<{
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}>("compose.yaml");
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));

/** What a service mounts, by where it comes from and where it goes. */
const mounts = services.flatMap(({ name, volumes = [] }) =>
  volumes.map((volume) => {
    const [from = "", to = "", mode = ""] = volume.split(":");
    return { name, from, to, mode };
  }),
);
const files = mounts.filter(({ from }) => from.startsWith("."));

describe("compose.yaml", () => {
  test("brings up the gateway, two backends for traces, one for metrics, and Grafana", () => {
    expect(services.map(({ name }) => name)).toEqual([
      "collector",
      "jaeger",
      "tempo",
      "prometheus",
      "grafana",
    ]);
  });

  test.each(services)("$name is pinned to a version: $image", ({ image }) => {
    expect(image).toMatch(/^[a-z]+(?:\/[a-z-]+)+:v?\d+\.\d+\.\d+(?:@sha256:[0-9a-f]{64})?$/);
  });

  test("the Collector is the version that the configurations were tested on", () => {
    const tested = /Collector (\d+\.\d+\.\d+)/.exec(textOf("gateway.yaml"))?.[1];
    expect(compose.services["collector"]?.image.split(/[:@]/)[1]).toBe(tested);
  });

  test.each(services)("$name listens on the loopback alone", ({ ports = [] }) => {
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  test("no two services want one port", () => {
    const ports = services.flatMap(({ ports = [] }) => ports.map((port) => port.split(":")[1]));
    expect(new Set(ports).size).toBe(ports.length);
  });

  test.each(services)(
    "$name has a memory limit, a read-only root, no capability and no way to get one",
    (service) => {
      const { mem_limit, read_only, cap_drop, security_opt } = service;
      expect({ mem_limit, read_only, cap_drop, security_opt }).toEqual({
        mem_limit: expect.stringMatching(/^\d+[mg]$/),
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
    },
  );

  test.each(files)("$from, which $name mounts, is there, and cannot be written", (mount) => {
    expect(existsSync(join(FOLDER, mount.from))).toBe(true);
    expect(mount.mode).toBe("ro");
  });

  test("every named volume is declared and used", () => {
    const named = mounts.filter(({ from }) => !from.startsWith(".")).map(({ from }) => from);
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test("the Collector's queue is on a volume", () => {
    const state = /directory: \$\{env:LIFECYCLE_STATE_DIR:-([^}]+)\}/.exec(textOf("gateway.yaml"));
    const volume = mounts.find(({ from }) => from === "collector-queue");
    expect(`${state?.[1]}/`.startsWith(`${volume?.to}/`)).toBe(true);
  });

  test("every file that a command names is mounted", () => {
    const named = services.flatMap(({ name, command = [] }) =>
      command.flatMap((part) => {
        const [, path] = /=(\/etc\/\S+)$/.exec(part) ?? [];
        return path === undefined ? [] : [{ name, path }];
      }),
    );
    expect(named.length).toBe(5);
    const missing = named.filter(
      ({ name, path }) => !files.some((file) => file.name === name && file.to === path),
    );
    expect(missing).toEqual([]);
  });

  test("every variable that the Collector is given is read by one of its files", () => {
    const read = textOf("gateway.yaml") + textOf("compose/both-backends.yaml");
    const given = Object.keys(compose.services["collector"]?.environment ?? {});
    expect(given.filter((name) => !read.includes(`\${env:${name}:-`))).toEqual([]);
  });

  test("the Collector sends to the ports on which Tempo and Jaeger take OTLP/HTTP", () => {
    const { distributor } = yamlOf<{
      readonly distributor: {
        readonly receivers: { readonly otlp: { readonly protocols: object } };
      };
    }>("grafana/tempo.yaml");
    expect(distributor.receivers.otlp.protocols).toEqual({ http: { endpoint: "0.0.0.0:4318" } });
    const environment = compose.services["collector"]?.environment;
    // Jaeger's, and the ports below, are the defaults of their programs.
    expect([environment?.["LIFECYCLE_BACKEND"], environment?.["LIFECYCLE_SECOND_BACKEND"]]).toEqual(
      ["http://tempo:4318", "http://jaeger:4318"],
    );
  });

  test("each health check asks the program's own address, and Grafana's visitors are no administrators", () => {
    const asked = services.flatMap(({ name, healthcheck }) =>
      healthcheck ? [[name, healthcheck.test.at(-1)]] : [],
    );
    expect(asked).toEqual([
      ["jaeger", "http://127.0.0.1:13133/status"],
      ["prometheus", "http://127.0.0.1:9090/-/ready"],
      ["grafana", "http://127.0.0.1:3000/api/health"],
    ]);
    expect(compose.services["grafana"]?.environment?.["GF_AUTH_ANONYMOUS_ORG_ROLE"]).toBe("Editor");
  });

  test("no password, token or key stands in a file", () => {
    const texts = [
      "compose.yaml",
      ...readdirSync(join(FOLDER, "grafana"), { recursive: true })
        .map((name) => `grafana/${name}`)
        .filter((path) => path.endsWith(".yaml")),
    ];
    expect(texts.length).toBe(5);
    for (const path of texts)
      expect(textOf(path)).not.toMatch(/(?:password|token|secret)\w*\s*[:=]/i);
  });
});

describe("what compose.yaml mounts", () => {
  test("both backends get every span that the gateway would send to its one", () => {
    const gateway = yamlOf<Pipelines>("gateway.yaml").service.pipelines;
    const merged = yamlOf<Pipelines>("compose/both-backends.yaml").service.pipelines;
    const toBackend = Object.entries(gateway).flatMap(([name, { exporters = [] }]) => {
      const own = exporters.filter((exporter) => exporter.startsWith("otlp_http/"));
      return own.length === 0 ? [] : [[name, { exporters: [...own, "otlp_http/jaeger"] }]];
    });
    const ofTraces = Object.entries(merged).filter(([name]) => name.startsWith("traces"));
    expect(Object.fromEntries(ofTraces)).toEqual(Object.fromEntries(toBackend));
  });

  test("Jaeger has a queue on disk and retries as the gateway's one backend does", () => {
    const exportersOf = (path: string) =>
      yamlOf<{ readonly exporters: Readonly<Record<string, Exporter>> }>(path).exporters;
    const { endpoint: _one, ...jaeger } =
      exportersOf("compose/both-backends.yaml")["otlp_http/jaeger"] ?? {};
    const { endpoint: _other, ...evidence } =
      exportersOf("gateway.yaml")["otlp_http/evidence"] ?? {};
    const queue = { ...jaeger.sending_queue, queue_size: evidence.sending_queue?.["queue_size"] };
    expect({ ...jaeger, sending_queue: queue }).toEqual(evidence);
  });

  test("Tempo files late spans under their own time, and counts all spans", () => {
    const { storage, overrides } = yamlOf<{
      readonly storage: { readonly trace: { readonly wal: Readonly<Record<string, string>> } };
      readonly overrides: unknown;
    }>("grafana/tempo.yaml");
    expect(storage.trace.wal["ingestion_time_range_slack"]).toBe("24h");
    expect(overrides).toEqual({
      defaults: { metrics_generator: { processors: ["local-blocks"] } },
    });
  });

  test("Prometheus scrapes what the gateway exposes, and keeps the application's labels", () => {
    const { scrape_configs } = yamlOf<{ readonly scrape_configs: unknown }>(
      "grafana/prometheus.yaml",
    );
    const port = (name: string): string | undefined =>
      new RegExp(`env:${name}:-(\\d+)`).exec(textOf("gateway.yaml"))?.[1];
    expect(scrape_configs).toEqual([
      {
        job_name: "otel-lifecycle",
        honor_labels: true,
        static_configs: [{ targets: [`collector:${port("LIFECYCLE_METRICS_PORT")}`] }],
      },
      {
        job_name: "collector",
        static_configs: [{ targets: [`collector:${port("LIFECYCLE_SELF_PORT")}`] }],
      },
    ]);
  });

  test("Grafana's data sources are services of the compose file, and name one another", () => {
    const { datasources } = yamlOf<{ readonly datasources: readonly DataSource[] }>(
      "grafana/provisioning/datasources/lifecycle.yaml",
    );
    const published = services.flatMap(({ name, ports = [] }) =>
      ports.map((port) => `http://${name}:${port.split(":")[2]}`),
    );
    const urls = datasources.map(({ url }) => url);
    expect(urls.map((url) => new URL(url).hostname)).toEqual(["prometheus", "tempo", "jaeger"]);
    expect(urls.filter((url) => !published.includes(url))).toEqual([]);
    const named = [...JSON.stringify(datasources).matchAll(/"datasourceUid":"([^"]+)"/g)];
    const uids = datasources.map(({ uid }) => uid);
    expect(named.map(([, uid = ""]) => uid).filter((uid) => !uids.includes(uid))).toEqual([]);
    expect(named.length).toBe(3);
  });

  test("Grafana looks for dashboards where they are mounted", () => {
    const { providers } = yamlOf<{
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    }>("grafana/provisioning/dashboards/lifecycle.yaml");
    expect(providers.map(({ options }) => options.path)).toEqual(
      files.filter(({ from }) => from === "./grafana/dashboards").map(({ to }) => to),
    );
  });
});

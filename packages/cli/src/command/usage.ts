import { readFileSync } from "node:fs";

/** What `--help` prints. */
export const USAGE = `why-closed: who closed each run?

Usage:
  why-closed [FILE | FOLDER | -]... [--json] [--all] [--html FILE]
  why-closed incidents [FILE | FOLDER | -]... [--json]
  why-closed listen [--port N] [--host HOST] [--out FILE] [--max-body BYTES]
  why-closed jaeger URL --service NAME... [--action ID | --run ID] [--since TIME]
  why-closed tempo URL [--service NAME]... [--action ID | --run ID] [--since TIME]
  why-closed recover DIR --endpoint URL [--exit-code N] [--signal NAME] [--reason WORD]

Reads OTLP JSON and prints which lifecycle action closed which run, then what else closed
runs, then the runs that nobody is known to have closed. A FILE holds one request a line,
one document, or an array of them; a FOLDER gives its *.json, *.jsonl and *.ndjson files;
"-", or nothing with something piped in, is standard input.

  --json            print one JSON document instead of the tree
  --all             list every run, not the first 20 in one place
  --html FILE       also write the account as a page that draws it: one file, which asks
                    the network for nothing

Under a run that broke off, what its span says of the incident stands in one line. incidents prints
whole ones: what broke, how far the run had got, what had happened outside, what may be retried,
what is not known, who asked, and the evidence. It reads them from OTLP logs, as the Collector's
file exporter or "listen --out" writes them, from documents of run_incidents, and from JSON Lines,
all mixed; --json prints one document of run_incidents.

listen receives traces over OTLP/HTTP (POST /v1/traces, protobuf or JSON, plain or gzip) and
prints the account whenever it has changed, and at the end: stop it with Ctrl-C. The same page is
on its port (GET /) and is kept up to date. Logs (POST /v1/logs) go to --out alone. Send to it with
OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf

  --port N          default 4318; 0 takes a free port
  --host HOST       default 127.0.0.1: nothing but this machine reaches it
  --out FILE        append each request to FILE in JSON, one a line
  --max-body BYTES  the largest body that is taken, default 16777216 (16 MiB)

jaeger and tempo print the same of the traces in a backend. From a run they go on to the action that
closed it, from there to all that it closed and to the actions around and inside, through whatever
traces and services. URL is where the backend is asked: http://localhost:16686, or :3200 for Tempo.

  --service NAME    whose spans to look for; may be given several times. Jaeger wants one
  --action ID       this action, the actions around and inside, and all that they closed
  --run ID          this run, or the runs of the trace with this id, and the action that closed it
  --since TIME      how far back a span may have begun: 30s, 15m, 1h, 7d. Default 1h, and 7d with an
                    id. What an action closed is found from up to 7d back in any case
  --timeout TIME    how long one request may take, default 30s
  --header "N: V"   a header for each request, several times if need be. What is secret is better in
                    WHY_CLOSED_HEADERS=name=value,name=value than where a list of processes shows it

recover exports what dead processes have left in DIR, where they kept their journals: runs that were
open, as lost, and spans that had ended and were not sent. Each journal goes once its export was
acknowledged; those of processes that live are left alone. Ctrl-C leaves the rest for the next one.

  --endpoint URL    where to send to over OTLP/HTTP, /v1/traces is added. Default
                    OTEL_EXPORTER_OTLP_ENDPOINT; headers from OTEL_EXPORTER_OTLP_HEADERS
  --exit-code N     what is known of the end of these processes, to stand on the lost runs: the exit
  --signal NAME     code, the signal, such as SIGKILL, and Kubernetes' reason of the terminated
  --reason WORD     container, such as OOMKilled
  --pid N           only the journals of this process id
  --any-host        also those of other hosts, whose processes are known to be dead
  --timeout TIME    how long to go on, default 10m
  --json            print one JSON document

  --help, --version

Exit status: 0; 1 if the backend has no action or run of that id, or recover leaves something that
could not be exported; 2 if an option or an input cannot be used.
`;

/** What `--version` prints. */
export function versionText(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return `${isManifest ? manifest.version : "unknown"}\n`;
}

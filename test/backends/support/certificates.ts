import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An authority of this test's own, and what it has signed. */
export interface Certificates {
  /** Holds `ca.crt`, `server.crt`, `server.key`, `client.crt` and `client.key`. */
  readonly folder: string;
  readonly read: (file: string) => string;
}

/** Makes them with openssl; they go when the test ends. */
export const makeCertificates = (): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: readonly string[]): void =>
    void execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-subj",
    "/CN=test authority",
  );
  const sign = (name: string, extension: string): void =>
    openssl(
      ...["req", "-x509", ...key, "-keyout", `${name}.key`, "-out", `${name}.crt`],
      ...["-subj", `/CN=${name}`, "-CA", "ca.crt", "-CAkey", "ca.key"],
      ...["-addext", extension, "-addext", "basicConstraints=critical,CA:FALSE"],
    );
  sign("server", "subjectAltName=IP:127.0.0.1,DNS:localhost");
  sign("client", "extendedKeyUsage=clientAuth");
  return { folder, read: (file) => readFileSync(join(folder, file), "utf8") };
};

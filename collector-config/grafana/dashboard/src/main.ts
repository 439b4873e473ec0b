/**
 * Writes the dashboard as Grafana imports it to standard output:
 * `node collector-config/grafana/dashboard/dist/main.js`.
 */
import { lifecycleDashboard } from "./lifecycle-dashboard.ts";

process.stdout.write(`${JSON.stringify(lifecycleDashboard(), null, 2)}\n`);

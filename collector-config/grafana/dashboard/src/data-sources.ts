import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { variable } from "./variable.ts";

/** The data sources that the variables at the dashboard's top name. */
export const PROMETHEUS: DataSourceRef = { type: "prometheus", uid: variable("prometheus") };
export const TEMPO: DataSourceRef = { type: "tempo", uid: variable("tempo") };

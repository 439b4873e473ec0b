import type { DynamicConfigValue, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import {
  ATTR_ACTION_ID,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_INTERRUPT_DURATION,
} from "@otel-lifecycle/api";
import { TEMPO } from "../data-sources.ts";
import { exploreLink } from "../explore-link.ts";
import { spans } from "../queries.ts";
import { fanOut, lastActions, lastInterrupted, lastLost, lastUnknown } from "../traceql.ts";
import { variable } from "../variable.ts";

const OPEN = "A span's id and its name open its trace.";
const TO_ACTION =
  "The action's trace id opens the trace of the action that closed the run, and the action's id finds all the runs that it closed.";

/** The last actions with their fan-out. */
export const actionTable = (): { build(): Panel } =>
  table(
    "Last actions, and what they closed",
    `Action spans, the newest first, from the 50 newest traces with one. covered = interrupted by it + completed + failed + other (closed by something earlier) + unsettled; a count of 0 may show as blank. ${OPEN} The action's id finds all the runs that it closed, in whatever trace.`,
    lastActions(),
  );

/** The last runs that did not complete, with what closed them. */
export const runTables = (): { build(): Panel }[] => [
  table(
    "Last interrupted runs",
    `Interrupted runs, the newest first, from the 50 newest traces with one, and the seconds from being asked to having stopped. ${OPEN} ${TO_ACTION}`,
    lastInterrupted(),
  ),
  table(
    "Closed, and nobody known",
    `Runs that were closed without proof of who did it, the newest first, and what is missing to say it: each is a gap in the instrumentation. ${OPEN}`,
    lastUnknown(),
  ).span(12),
  table(
    "Last lost runs",
    `Runs whose process died before they had ended, rebuilt from its journal, at the time they were last seen. ${OPEN} ${TO_ACTION}`,
    lastLost(),
  ).span(12),
];

const table = (title: string, description: string, query: string): PanelBuilder =>
  new PanelBuilder()
    .title(title)
    .description(description)
    .datasource(TEMPO)
    .height(9)
    .span(24)
    .filterable(true)
    .withTarget(spans(query))
    .overrideByRegexp(
      "^(spanID|name)$",
      linksTo(exploreLink("Open the trace", variable("__data.fields.traceIdHidden"))),
    )
    .overrideByName(
      ATTR_CLOSE_ACTION_TRACE_ID,
      linksTo(exploreLink("Open the action's trace", variable("__value.raw"))),
    )
    .overrideByName(ATTR_INTERRUPT_DURATION, [{ id: "unit", value: "s" }])
    .overrideByRegexp(
      `^(${[ATTR_ACTION_ID, ATTR_CLOSE_ACTION_ID].map(escaped).join("|")})$`,
      linksTo(exploreLink("Find all runs that it closed", fanOut(variable("__value.raw")))),
    );

const linksTo = (link: ReturnType<typeof exploreLink>): DynamicConfigValue[] => [
  { id: "links", value: [{ title: link.title, url: link.url, targetBlank: link.targetBlank }] },
];

const escaped = (name: string): string => name.replaceAll(".", "\\.");

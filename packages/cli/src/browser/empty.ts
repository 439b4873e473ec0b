import { element, requireElement } from "./element.ts";
import type { Picture } from "./picture.ts";
import type { Branch } from "./tree.ts";

/** Says why there are no rows, and what to do about it. */
export function showEmpty(picture: Picture, tree: readonly Branch[], isLive: boolean): void {
  const empty = requireElement("empty", HTMLDivElement);
  const grid = requireElement("grid", HTMLDivElement);
  const isEmpty = tree.length === 0;
  empty.hidden = !isEmpty;
  grid.hidden = isEmpty;
  const hasSpans = picture.runs.length + picture.actions.length > 0;
  document.body.classList.toggle("blank", !hasSpans);
  if (isEmpty) empty.replaceChildren(...(hasSpans ? noMatch() : isLive ? noneYet() : none()));
}

function noMatch(): readonly HTMLElement[] {
  return [
    element("h2", { text: "No run matches" }),
    element("p", { text: "Ask for less, or show everything again with “Reset”." }),
  ];
}

function noneYet(): readonly HTMLElement[] {
  return [
    element("h2", { text: "Waiting for the first run or action" }),
    element("p", { text: "Start an application that uses otel-lifecycle with" }),
    element("pre", {
      text: `OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`,
    }),
    element("p", { text: "Runs appear when they have ended: a span is exported at its end." }),
  ];
}

function none(): readonly HTMLElement[] {
  return [
    element("h2", { text: "No run and no action is in this input" }),
    element("p", {
      text: "No span in it has lifecycle.* attributes. Spans get them from LifecycleSpanProcessor, or from node --import @otel-lifecycle/node/register.",
    }),
  ];
}

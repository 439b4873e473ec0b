import type { Clock } from "./clock.ts";
import { classOf, lookOf } from "./close-class.ts";
import { copyButton } from "./copy.ts";
import { durationText } from "./duration.ts";
import { button, element, requireElement } from "./element.ts";
import type { PictureAction, PictureRun, PictureSpan } from "./picture.ts";
import type { Branch } from "./tree.ts";
import { actionTitle, noteOf, titleOf } from "./wording.ts";

/** All that is known of one run or action. */
export interface Details {
  /** Shows a branch of the newest picture; where it says the same as before, nothing moves. */
  readonly show: (branch: Branch, clock: Clock) => void;
  readonly hide: () => void;
  readonly focus: () => void;
}

/** What can be asked for from the details. */
export interface DetailsEvents {
  readonly onClose: () => void;
  readonly onZoom: (branch: Branch) => void;
  readonly onAction: (action: PictureAction) => void;
}

type Fact = readonly [name: string, value: string | undefined];

export function createDetails({ onClose, onZoom, onAction }: DetailsEvents): Details {
  const panel = requireElement("details", HTMLElement);
  const heading = requireElement("details-title", HTMLHeadingElement);
  const content = requireElement("details-content", HTMLDivElement);
  let shown: Branch | undefined;
  requireElement("details-close", HTMLButtonElement).addEventListener("click", onClose);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  });

  function show(branch: Branch, clock: Clock): void {
    if (branch.type === "group") return;
    // What the buttons are about, also where they stay.
    shown = branch;
    panel.hidden = false;
    const parts = partsOf(branch, clock);
    const text = parts.map((part) => part.textContent).join("");
    if (heading.textContent === titleOf(branch) && content.textContent === text) return;
    heading.textContent = titleOf(branch);
    const hadFocus = content.contains(document.activeElement);
    content.replaceChildren(...parts);
    if (hadFocus) heading.focus();
  }

  function partsOf(
    branch: Exclude<Branch, { type: "group" }>,
    clock: Clock,
  ): readonly HTMLElement[] {
    const facts =
      branch.type === "run" ? runFacts(branch.run, clock) : actionFacts(branch.action, clock);
    const span = branch.type === "run" ? branch.run : branch.action;
    return [
      ...(branch.type === "run" ? runParts(branch.run, branch.closer) : []),
      element("p", { class: "lead", text: noteOf(branch) }),
      ...(branch.type === "run" ? incidentParts(branch.run) : []),
      element("div", { class: "buttons", children: [zoomButton(branch)] }),
      factList(facts),
      idList(branch, span),
    ];
  }

  function runParts(run: PictureRun, closer: PictureAction | undefined): readonly HTMLElement[] {
    const { name, label, letter, meaning } = lookOf(classOf(run));
    const badge = element("p", {
      class: "badge",
      children: [
        element("span", { class: "swatch", text: letter, attributes: { "aria-hidden": true } }),
        element("span", { text: label }),
      ],
    });
    badge.dataset["class"] = name;
    const meant = element("p", { class: "meaning", text: meaning });
    if (closer === undefined) return [badge, meant];
    const to = button({ class: "link", text: actionTitle(closer) }, () => {
      if (shown?.type === "run" && shown.closer !== undefined) onAction(shown.closer);
    });
    return [
      badge,
      element("p", { class: "meaning", children: [document.createTextNode("Closed by "), to] }),
    ];
  }

  function zoomButton(branch: Branch): HTMLElement {
    const isClosed = branch.type === "run" && branch.closer !== undefined;
    return button({ text: isClosed ? "Zoom to its action" : "Zoom to it" }, () =>
      onZoom(shown ?? branch),
    );
  }

  return {
    show,
    hide: () => {
      panel.hidden = true;
    },
    focus: () => heading.focus(),
  };
}

function incidentParts({ incident }: PictureRun): readonly HTMLElement[] {
  return incident === undefined
    ? []
    : [element("p", { class: "incident", text: incident.summary })];
}

function runFacts(run: PictureRun, clock: Clock): readonly Fact[] {
  const { end, interrupt } = run;
  const asked = end === undefined || interrupt === undefined ? undefined : end - interrupt;
  return [
    ["Began", momentText(run.start, clock)],
    ["Asked to stop", momentText(asked, clock)],
    [
      run.result === "lost" ? "Last seen" : run.class === undefined ? "Ended" : "Stopped",
      momentText(end, clock),
    ],
    ["Ran for", lengthText(run)],
    ["Took to stop", interrupt === undefined ? undefined : durationText(interrupt)],
    ["Result", run.result],
    ["Class", run.class],
    ["Confidence", run.confidence],
    ["Proof came by", run.via],
    ["Missing", run.missing?.join(", ")],
    ["Error type", run.errorType],
    ["Recovered", run.recovered ? "from a journal" : undefined],
    ...lossFacts(run),
    ["Cause", run.incident?.cause],
    ["Subcause", run.incident?.subcause],
    ["Phase", run.incident?.phase],
    ["Retry advice", run.incident?.recommendation],
    ...placeFacts(run),
  ];
}

function lossFacts({ loss }: PictureRun): readonly Fact[] {
  return [
    ["Process ended", loss && (loss.words ?? "nobody has said how")],
    ["Said by", loss?.source],
    ["Process's signal", loss?.signal],
    ["Process's exit code", loss?.exitCode?.toString()],
    ["Termination reason", loss?.terminationReason],
  ];
}

function actionFacts(action: PictureAction, clock: Clock): readonly Fact[] {
  return [
    ["Began", momentText(action.start, clock)],
    ["Ended", momentText(action.end, clock)],
    ["Took", lengthText(action)],
    ["Trigger", action.trigger],
    ["Operation", action.operation],
    ["Signal", action.signal],
    ["Result", action.result],
    ["Error type", action.errorType],
    ...placeFacts(action),
  ];
}

function placeFacts({ scope, scopeKey, service }: PictureSpan): readonly Fact[] {
  return [
    ["Scope", scope],
    ["Scope key", scopeKey],
    ["Service", service],
  ];
}

function factList(facts: readonly Fact[]): HTMLElement {
  const known = facts.filter(([, value]) => value !== undefined && value !== "");
  return element("dl", {
    children: known.flatMap(([name, value]) => [
      element("dt", { text: name }),
      element("dd", { text: value ?? "" }),
    ]),
  });
}

/** The ids, each with a button that copies it. */
function idList(branch: Branch, span: PictureSpan): HTMLElement {
  const closer = branch.type === "run" ? branch.closer : undefined;
  const ids: readonly Fact[] = [
    [branch.type === "run" ? "Run id" : "Action id", span.id],
    ["Closing action id", closer?.id],
    ["Trace id", span.traceId],
    ["Span id", span.spanId],
  ];
  const known = ids.flatMap(([name, id]) => (id === undefined ? [] : [{ name, id }]));
  return element("dl", {
    class: "ids",
    children: known.flatMap(({ name, id }) => [
      element("dt", { text: name }),
      element("dd", { children: [element("code", { text: id }), copyButton(name, id)] }),
    ]),
  });
}

function momentText(time: number | undefined, clock: Clock): string | undefined {
  return time === undefined ? undefined : clock.moment(time);
}

function lengthText({ start, end }: PictureSpan): string | undefined {
  return start === undefined || end === undefined ? undefined : durationText(end - start);
}

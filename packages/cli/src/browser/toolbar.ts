import { classesOf, lookOf } from "./close-class.ts";
import { button, element, requireElement } from "./element.ts";
import { choicesOf, type Filter, type Filtered, NO_FILTER } from "./filter.ts";
import type { Picture } from "./picture.ts";
import { actionTitle, counted } from "./wording.ts";

// Only a hostile or a huge input has more; search finds what is not listed.
const MOST_CHIPS = 30;
const MOST_CHOICES = 500;

/** The controls that choose what is shown. */
export interface Toolbar {
  readonly show: (picture: Picture, filter: Filter, filtered: Filtered) => void;
}

export function createToolbar(onFilter: (change: Partial<Filter>) => void): Toolbar {
  const chips = requireElement("classes", HTMLDivElement);
  const scope = requireElement("scope", HTMLSelectElement);
  const service = requireElement("service", HTMLSelectElement);
  const action = requireElement("action", HTMLSelectElement);
  const text = requireElement("search", HTMLInputElement);
  const shown = requireElement("shown", HTMLParagraphElement);
  const reset = requireElement("reset", HTMLButtonElement);

  scope.addEventListener("change", () => onFilter({ scope: scope.value }));
  service.addEventListener("change", () => onFilter({ service: service.value }));
  action.addEventListener("change", () => onFilter({ action: action.value }));
  text.addEventListener("input", () => onFilter({ text: text.value }));
  reset.addEventListener("click", () => {
    onFilter(NO_FILTER);
    text.focus();
  });

  function show(picture: Picture, filter: Filter, { runs, counts }: Filtered): void {
    showChips(picture, filter, counts);
    const scopes = choicesOf(picture, "scope").map((name) => [name, name] as const);
    const services = choicesOf(picture, "service").map((name) => [name, name] as const);
    const actions = picture.actions.map(
      (one) => [one.id, `${"\u2003".repeat(one.depth)}${actionTitle(one)}, ${one.id}`] as const,
    );
    choose(scope, "All scopes", scopes, filter.scope);
    choose(service, "All services", services, filter.service);
    choose(action, "All actions", actions, filter.action);
    labelOf(service).hidden = services.length < 2;
    labelOf(action).hidden = actions.length === 0;
    labelOf(scope).hidden = scopes.length === 0;
    if (text.value !== filter.text) text.value = filter.text;
    const isWhole = runs.length === picture.runs.length;
    shown.textContent = isWhole
      ? counted(runs.length, "run")
      : `${runs.length.toLocaleString("en")} of ${counted(picture.runs.length, "run")}`;
    reset.hidden = isNothing(filter);
  }

  function showChips(picture: Picture, filter: Filter, counts: ReadonlyMap<string, number>): void {
    const focused = document.activeElement;
    const focusedClass = focused instanceof HTMLElement ? focused.dataset["class"] : undefined;
    const classes = classesOf(picture.runs).slice(0, MOST_CHIPS);
    const made = classes.map((name) => {
      const { label, letter, meaning } = lookOf(name);
      const count = counts.get(name) ?? 0;
      const isChosen = filter.classes.has(name);
      const chip = button(
        {
          class: "chip",
          attributes: { "aria-pressed": isChosen, title: `${name}: ${meaning}` },
          children: [
            element("span", { class: "swatch", text: letter, attributes: { "aria-hidden": true } }),
            element("span", { class: "label", text: label }),
            element("span", { class: "count", text: count.toLocaleString("en") }),
          ],
        },
        () => onFilter({ classes: toggled(filter.classes, name) }),
      );
      chip.dataset["class"] = name;
      return chip;
    });
    const hadFocus = chips.contains(focused);
    chips.replaceChildren(...made);
    if (hadFocus) made.find((chip) => chip.dataset["class"] === focusedClass)?.focus();
  }

  return { show };
}

function choose(
  select: HTMLSelectElement,
  all: string,
  choices: readonly (readonly [value: string, label: string])[],
  chosen: string,
): void {
  const wanted = [["", all] as const, ...choices.slice(0, MOST_CHOICES)];
  const current = [...select.options];
  const isSame =
    current.length === wanted.length &&
    wanted.every(
      ([value, label], at) => current[at]?.value === value && current[at].text === label,
    );
  // Replacing the options would close a list that is open while a live page goes on.
  if (!isSame)
    select.replaceChildren(
      ...wanted.map(([value, label]) => element("option", { text: label, attributes: { value } })),
    );
  select.value = chosen;
}

function labelOf(select: HTMLSelectElement): HTMLElement {
  return select.closest("label") ?? select;
}

function toggled(classes: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(classes);
  if (!next.delete(name)) next.add(name);
  return next;
}

function isNothing({ classes, scope, service, action, text }: Filter): boolean {
  return classes.size === 0 && scope === "" && service === "" && action === "" && text === "";
}

import type { Clock } from "./clock.ts";
import { element, requireElement } from "./element.ts";
import type { Row } from "./tree.ts";
import { noteOf, spokenTime, titleOf } from "./wording.ts";

/** Shows what a row is while a mouse rests on its bar; all it says stands in the row for others. */
export function createTooltip(rowAt: (index: number) => Row | undefined, clock: () => Clock): void {
  const tooltip = requireElement("tooltip", HTMLDivElement);
  const body = requireElement("rows", HTMLDivElement);
  let shown = -1;

  body.addEventListener("pointermove", (event) => {
    const index = event.pointerType === "mouse" ? hoveredIndex(event.target) : -1;
    if (index !== shown) fill(index);
    if (!tooltip.hidden) place(event.clientX, event.clientY);
  });
  for (const end of ["pointerleave", "pointerdown", "wheel"] as const)
    body.addEventListener(end, () => fill(-1), { passive: true });

  function fill(index: number): void {
    shown = index;
    const row = rowAt(index);
    tooltip.hidden = row === undefined || row.branch.type === "group";
    if (row === undefined) return;
    const { branch } = row;
    tooltip.replaceChildren(
      element("strong", { text: titleOf(branch) }),
      element("span", { text: noteOf(branch) }),
      element("span", { class: "aside", text: spokenTime(branch, clock().moment) }),
    );
  }

  function place(x: number, y: number): void {
    const { width, height } = tooltip.getBoundingClientRect();
    tooltip.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - width - 8))}px`;
    tooltip.style.top = `${y + 18 + height > innerHeight ? y - height - 12 : y + 18}px`;
  }
}

function hoveredIndex(target: EventTarget | null): number {
  if (!(target instanceof Element) || target.closest(".lane") === null) return -1;
  return Number(target.closest<HTMLElement>("[data-index]")?.dataset["index"] ?? -1);
}

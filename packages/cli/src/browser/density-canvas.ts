import type { Density } from "./density.ts";

/** Draws stacked columns; the least that is drawn of a column can still be seen beside the highest. */
export function drawDensity(
  canvas: HTMLCanvasElement,
  { bins, highest }: Density,
  order: readonly string[],
): void {
  const { width, height } = sized(canvas);
  const context = canvas.getContext("2d");
  if (context === null || highest === 0) return;
  const least = Math.min(height, 3 * devicePixelRatio);
  const columnWidth = width / bins.length;
  const tones = tonesOf(canvas, order);
  bins.forEach((bin, at) => {
    const total = [...bin.values()].reduce((sum, count) => sum + count, 0);
    // Of a thousand at once and a few at a time both are to be seen.
    const tall = Math.max(least, Math.sqrt(total / highest) * height);
    let bottom = height;
    for (const name of order) {
      const part = ((bin.get(name) ?? 0) / total) * tall;
      if (!(part > 0)) continue;
      context.fillStyle = tones.get(name) ?? "gray";
      context.fillRect(
        Math.floor(at * columnWidth),
        bottom - part,
        Math.max(1, Math.ceil(columnWidth)),
        part,
      );
      bottom -= part;
    }
  });
}

/** Gives a canvas as many pixels as it covers, which also clears it. */
function sized(canvas: HTMLCanvasElement): { readonly width: number; readonly height: number } {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  canvas.width = width;
  canvas.height = height;
  return { width, height };
}

/** The colours of classes are written once, in the style sheet. */
function tonesOf(canvas: HTMLElement, names: readonly string[]): ReadonlyMap<string, string> {
  const probe = document.createElement("i");
  canvas.after(probe);
  const tones = new Map(
    names.map((name) => {
      probe.dataset["class"] = name;
      return [name, getComputedStyle(probe).getPropertyValue("--tone")] as const;
    }),
  );
  probe.remove();
  return tones;
}

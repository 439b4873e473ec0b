/**
 * Runs in a page, as text: gives each visible text with the ratio of its colour to what is behind
 * it, as WCAG 2.2 computes it. Disabled controls are left out, as there.
 */
export const TEXT_CONTRASTS = `(() => {
  const channels = (colour) => {
    const numbers = colour.match(/[\\d.]+(?:e-?\\d+)?/g).map(Number);
    const [r, g, b, alpha = 1] = numbers;
    const scale = colour.startsWith("color(srgb") ? 255 : 1;
    return { rgb: [r * scale, g * scale, b * scale], alpha };
  };
  const over = (front, back) => front.rgb.map((c, i) => c * front.alpha + back[i] * (1 - front.alpha));
  const behind = (element) => {
    if (element === null) return [255, 255, 255];
    const own = channels(getComputedStyle(element).backgroundColor);
    return own.alpha === 1 ? own.rgb : over(own, behind(element.parentElement));
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => {
      const s = c / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (text === "" || element.closest("script, style, option, :disabled, .unseen, .unlabelled") !== null) continue;
    if (!element.checkVisibility()) continue;
    const back = behind(element);
    const front = over(channels(getComputedStyle(element).color), back);
    const [light, dark] = [luminance(front), luminance(back)].sort((one, other) => other - one);
    found.push({ text, class: element.className, ratio: (light + 0.05) / (dark + 0.05) });
  }
  return found;
})()`;

/** One text of a page. */
export interface TextContrast {
  readonly text: string;
  readonly class: string;
  readonly ratio: number;
}

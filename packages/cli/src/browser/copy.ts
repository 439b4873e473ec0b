import { button } from "./element.ts";

const SHOWN_MS = 1500;

/** A button that copies a text, and says so. */
export function copyButton(name: string, text: string): HTMLButtonElement {
  const made = button(
    { class: "copy", text: "Copy", attributes: { "aria-label": `Copy ${name.toLowerCase()}` } },
    () => {
      copied(made, text).then(
        (isCopied) => say(made, isCopied ? "Copied" : "Selected"),
        () => say(made, "Failed"),
      );
    },
  );
  return made;
}

/** Falls back to selecting the text: a page from another machine over HTTP has no clipboard. */
async function copied(beside: HTMLElement, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const shown = beside.previousElementSibling;
    if (shown !== null) getSelection()?.selectAllChildren(shown);
    return false;
  }
}

function say(copy: HTMLButtonElement, word: string): void {
  copy.textContent = word;
  setTimeout(() => (copy.textContent = "Copy"), SHOWN_MS);
}

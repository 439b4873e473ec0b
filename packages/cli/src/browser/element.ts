/** What an element is made of. Texts are set as text, never as markup: they come from spans. */
export interface ElementParts {
  readonly class?: string;
  readonly text?: string;
  readonly role?: string;
  /** Attributes that have no property of their own; those that are undefined are left out. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly children?: readonly (Node | undefined)[];
}

/** Makes an element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  parts: ElementParts = {},
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (parts.class !== undefined) made.className = parts.class;
  if (parts.text !== undefined) made.textContent = parts.text;
  if (parts.role !== undefined) made.setAttribute("role", parts.role);
  for (const [name, value] of Object.entries(parts.attributes ?? {}))
    if (value !== undefined) made.setAttribute(name, String(value));
  made.append(...(parts.children ?? []).filter((child) => child !== undefined));
  return made;
}

/** A button that does something. */
export function button(parts: ElementParts, onClick: () => void): HTMLButtonElement {
  const made = element("button", parts);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

/** The element of the page that has an id. Throws if the page has none, which is a mistake of ours. */
export function requireElement<Kind extends HTMLElement>(
  id: string,
  kind: abstract new () => Kind,
): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${id}`);
}

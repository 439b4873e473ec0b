/** What is in a bag knows its place there, so that taking it out is one step. */
export interface Placed {
  place: number;
}

/** A bag that stays that large when it gets empty; a larger one gives its memory back. */
const KEPT = 1024;

/**
 * An unordered collection that is cheap to enter and to leave: a `Set` rehashes as its entries
 * come and go, which costs a short run more than all else that we do for it. A class, because
 * every scope has two.
 */
export class Bag<T extends Placed> {
  #items: (T | undefined)[] = [];
  #size = 0;

  add(item: T): void {
    item.place = this.#size;
    this.#items[this.#size] = item;
    this.#size += 1;
  }

  /** The item must be in this bag. The last one takes its place. */
  remove(item: T): void {
    this.#size -= 1;
    const last = this.#items[this.#size];
    this.#items[this.#size] = undefined;
    if (last !== undefined && last !== item) {
      this.#items[item.place] = last;
      last.place = item.place;
    }
    if (this.#size === 0 && this.#items.length > KEPT) this.#items = [];
  }

  /**
   * Goes through what is in the bag, while items enter and leave: from the end, so that an item
   * that takes the place of one that left has been met already. It may be met again; one that
   * stays is never missed.
   */
  *[Symbol.iterator](): Generator<T> {
    for (let place = this.#size - 1; place >= 0; place -= 1) {
      const item = this.#items[place];
      if (item !== undefined) yield item;
    }
  }
}

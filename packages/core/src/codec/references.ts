/**
 * Which objects a value holds already, so that the second time each is a reference.
 *
 * @module
 */

/** So many objects are compared one by one, which is faster than a Map. */
const FEW = 12;

export class References {
  readonly #few: (object | undefined)[] = [];
  #many: Map<object, number> | undefined;
  #count = 0;

  /** The number of an object that was here before; else -1, and it gets the next number. */
  find(object: object): number {
    if (this.#many === undefined) {
      for (let i = 0; i < this.#count; i++) if (this.#few[i] === object) return i;
      if (this.#count < FEW) {
        this.#few[this.#count++] = object;
        return -1;
      }
      this.#many = new Map(this.#few.map((one, i) => [one as object, i]));
    }
    const known = this.#many.get(object);
    if (known !== undefined) return known;
    this.#many.set(object, this.#count++);
    return -1;
  }

  /** Forgets all, so that nothing is kept alive. */
  clear(): void {
    for (let i = Math.min(this.#count, FEW) - 1; i >= 0; i--) this.#few[i] = undefined;
    this.#many = undefined;
    this.#count = 0;
  }
}

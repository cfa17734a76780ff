/**
 * What a virtual `setTimeout` returns: Node's shape, and a number where one is needed.
 *
 * @module
 */
export class VirtualTimer {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.toPrimitive](): number {
    return this.index;
  }
}

/**
 * Where in a value the encoder is. Kept as numbers and keys, put together as a path only for an error.
 *
 * @module
 */
/** How a container is entered. */
export const FIELD = 0;
export const ITEM = 1;
export const KEY = 2;
export const ENTRY = 3;
export const MEMBER = 4;
/** What a core object was dehydrated to, which has no name of its own. */
export const INSIDE = 5;

export class Trail {
  /** How many containers it is in. */
  depth = 0;
  readonly #ways: number[] = [];
  readonly #steps: (string | number)[] = [];

  /** Goes down. */
  enter(way: number): void {
    this.#steps[this.depth] = 0;
    this.#ways[this.depth++] = way;
  }

  /** Says which part comes next: a key or an index. */
  at(step: string | number): void {
    this.#steps[this.depth - 1] = step;
  }

  /** Says which part of a Map comes next. */
  turn(way: number, step: string | number): void {
    this.#ways[this.depth - 1] = way;
    this.#steps[this.depth - 1] = step;
  }

  leave(): void {
    this.#steps[--this.depth] = 0;
  }

  path(name: string): string {
    let path = name;
    for (let i = 0; i < this.depth; i++) path += part(this.#ways[i] as number, this.#steps[i] as string | number);
    return path;
  }
}

function part(way: number, step: string | number): string {
  switch (way) {
    case FIELD:
      return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(String(step)) ? `.${step}` : `[${JSON.stringify(step)}]`;
    case KEY:
      return `.keys()[${step}]`;
    case ENTRY:
      return `.get(${typeof step === "string" ? JSON.stringify(step) : `#${step}`})`;
    case MEMBER:
      return `.values()[${step}]`;
    case ITEM:
      return `[${step}]`;
    default:
      return "";
  }
}

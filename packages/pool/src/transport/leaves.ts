/**
 * What a message is made of.
 *
 * @module
 */

/** A part of a message, and where it lies: `arguments[0].items[3]`. */
export type Leaf = readonly [path: string, value: unknown];

/**
 * Yields the parts of a message that are neither primitive nor looked into, in order: functions, symbols, and objects
 * other than arrays, plain objects, Maps and Sets. Cycles end.
 */
export function* leaves(message: unknown, name: string): Generator<Leaf> {
  const seen = new Set<unknown>();
  const open: Leaf[] = [[name, message]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next;
    if (isPlain(value) || seen.has(value)) continue;
    seen.add(value);
    const inner = children(path, value);
    if (inner === undefined) yield next;
    else for (let i = inner.length - 1; i >= 0; i--) open.push(inner[i] as Leaf);
  }
}

function isPlain(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol");
}

/** What an object holds; undefined if it is not looked into. */
function children(path: string, value: unknown): Leaf[] | undefined {
  if (Array.isArray(value)) return value.flatMap((child, i): Leaf[] => (isPlain(child) ? [] : [[`${path}[${i}]`, child]]));
  if (value instanceof Map) {
    return [...value].flatMap(([key, child], i): Leaf[] => [
      [`${path}.keys()[${i}]`, key],
      [`${path}.get(${typeof key === "string" ? JSON.stringify(key) : `#${i}`})`, child],
    ]);
  }
  if (value instanceof Set) return [...value].map((child, i): Leaf => [`${path}.values()[${i}]`, child]);
  if (Object.prototype.toString.call(value) !== "[object Object]") return undefined;
  try {
    return Object.entries(value as object).map(([key, child]): Leaf => [`${path}.${key}`, child]);
  } catch {
    // A getter that throws makes the whole object one that cannot be sent.
    return undefined;
  }
}

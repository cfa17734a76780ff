/** Tells what test libraries let pass: -0, NaN, holes, undefined properties, and which references are shared. */
export function difference(a: unknown, b: unknown): string | undefined {
  return compare(a, b, "value", new Map(), new Map());
}

type Pairs = Map<object, object>;

function compare(a: unknown, b: unknown, path: string, there: Pairs, back: Pairs): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${typeof a} ${String(a)} is not ${typeof b} ${String(b)}`;
  }
  if (there.has(a) || back.has(b)) return there.get(a) === b && back.get(b) === a ? undefined : `${path}: another reference`;
  there.set(a, b);
  back.set(b, a);
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return `${path}: ${kind} is not ${kindOf(b)}`;
  for (const [key, x, y] of parts(kind, a, b)) {
    const found = compare(x, y, path + key, there, back);
    if (found !== undefined) return found;
  }
  return undefined;
}

function kindOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return value instanceof Error ? `${tag} ${value.name}` : tag;
}

function* parts(kind: string, a: object, b: object): Generator<[string, unknown, unknown]> {
  if (a instanceof Map && b instanceof Map) {
    yield* pairs("keys()", [...a.keys()], [...b.keys()]);
    yield* pairs("values()", [...a.values()], [...b.values()]);
  } else if (a instanceof Set && b instanceof Set) {
    yield* pairs("values()", [...a], [...b]);
  } else if (a instanceof Date && b instanceof Date) {
    yield [".getTime()", a.getTime(), b.getTime()];
  } else if (a instanceof RegExp) {
    yield [".toString()", String(a), String(b)];
  } else if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    yield ["", String(new Uint8Array(a)), String(new Uint8Array(b))];
  } else if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    yield ["", bytesOf(a), bytesOf(b)];
  } else if (a instanceof Error && b instanceof Error) {
    for (const key of ["message", "stack", "cause", "errors"] as const) {
      yield [`.${key}`, (a as AggregateError)[key as "errors"], (b as AggregateError)[key as "errors"]];
    }
    yield* fields(a, b);
  } else {
    if (Array.isArray(a)) yield [".length", a.length, (b as unknown[]).length];
    if (kind === "Object") yield [" prototype is plain", true, Object.getPrototypeOf(b) === Object.prototype];
    yield* fields(a, b);
  }
}

function bytesOf(view: ArrayBufferView): string {
  return String(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

function* fields(a: object, b: object): Generator<[string, unknown, unknown]> {
  yield* pairs("keys", Object.keys(a), Object.keys(b));
  for (const key of Object.keys(a)) yield [`.${key}`, (a as Record<string, unknown>)[key], Object.getOwnPropertyDescriptor(b, key)?.value];
}

function* pairs(name: string, a: readonly unknown[], b: readonly unknown[]): Generator<[string, unknown, unknown]> {
  yield [`.${name}.length`, a.length, b.length];
  for (const [i, one] of a.entries()) yield [`.${name}[${i}]`, one, b[i]];
}

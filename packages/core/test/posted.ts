const words = new SharedArrayBuffer(8);

/** Whether `structuredClone` shares memory as messages do. WebKit's copies it. */
export const cloneShares: boolean = structuredClone(words) instanceof SharedArrayBuffer;

/** What arrives of a message. */
export function posted<T>(message: T): T {
  const arrived = structuredClone(message);
  return cloneShares ? arrived : (share(message, arrived, new Set()) as T);
}

/** Puts shared memory of the original in place of its copies. */
function share(original: unknown, copy: unknown, seen: Set<unknown>): unknown {
  if (original instanceof SharedArrayBuffer) return original;
  if (typeof original !== "object" || original === null || ArrayBuffer.isView(original) || seen.has(original)) return copy;
  seen.add(original);
  if (original instanceof Map) {
    const copies = [...(copy as Map<unknown, unknown>)];
    [...original].forEach(([key, value], i) => {
      const [copiedKey, copied] = copies[i] as [unknown, unknown];
      share(key, copiedKey, seen);
      (copy as Map<unknown, unknown>).set(copiedKey, share(value, copied, seen));
    });
  } else if (original instanceof Set) {
    const copies = [...(copy as Set<unknown>)];
    [...original].forEach((member, i) => {
      share(member, copies[i], seen);
    });
  } else {
    const fields = copy as Record<string, unknown>;
    for (const [key, value] of Object.entries(original)) fields[key] = share(value, fields[key], seen);
  }
  return copy;
}

/**
 * What was received, for errors.
 *
 * @module
 */

/** Names a value in a few words: primitives as they are, functions by name, objects by class. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "function":
      return `function ${value.name || "(anonymous)"}`;
    case "object":
      return value === null ? "null" : Object.prototype.toString.call(value).slice("[object ".length, -1);
    default:
      return String(value);
  }
}

/**
 * The one place that copes without `SharedArrayBuffer`: browsers hide it from pages that are not cross-origin isolated.
 *
 * @module
 */

/**
 * Zeroed bytes that threads can share.
 *
 * @throws {TypeError} If there are none to be had; names the headers that a page needs.
 */
export function sharedBytes(byteLength: number): SharedArrayBuffer {
  if (typeof SharedArrayBuffer === "undefined") {
    throw new TypeError(
      "Cannot share memory as the page is not cross-origin isolated: serve it and its workers with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    );
  }
  return new SharedArrayBuffer(byteLength);
}

/** Whether a value is a `SharedArrayBuffer`; where there are none, nothing is. */
export function isSharedBytes(value: unknown): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer;
}

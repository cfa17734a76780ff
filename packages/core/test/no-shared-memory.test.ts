import { codec, dehydrate, hydrate, SharedArray } from "@interlock/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// As in a page that is not cross-origin isolated, where the name does not exist at all.
const { SharedArrayBuffer: own } = globalThis;
beforeEach(() => void Reflect.deleteProperty(globalThis, "SharedArrayBuffer"));
afterEach(() => {
  globalThis.SharedArrayBuffer = own;
});

describe("without SharedArrayBuffer", () => {
  it("what needs shared memory says which headers a page lacks", () => {
    // Large enough for a slab of its own, whatever earlier tests left in the current one.
    const create = (): unknown => new SharedArray("uint8", 100_000);
    expect(create).toThrow(TypeError);
    expect(create).toThrow("Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp");
  });

  it("plain messages travel, views among them", () => {
    const message = { bytes: new Uint8Array([1, 2]), buffer: new ArrayBuffer(2) };
    for (const crossProcess of [false, true]) expect(hydrate(dehydrate(message, [], { crossProcess }))).toEqual(message);
    expect(codec.decode(codec.encode(message))).toEqual(message);
  });
});

import { RawArray, RawValue, SharedArray, Value } from "@interlock/core";
import { expect, it } from "vitest";
import { collectUntil } from "../fixtures/collect.ts";
import { forbidRescues } from "./support.ts";

forbidRescues();

const ITERATIONS = 5000;
const MOST_ALIVE = 50;

/** The same numbers in each run, from 0 to below 1. */
function* numbers(): Generator<number, never> {
  for (let state = 1729; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** As Python's `random.lognormvariate(0, 1) * 1000`. */
function randomSize(random: () => number): number {
  return Math.floor(Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())) * 1000);
}

const makers: readonly ((size: number) => { readonly view: Uint8Array })[] = [
  (size) => new RawArray("uint8", size) as { view: Uint8Array },
  (size) => new SharedArray("uint8", size) as { view: Uint8Array },
  () => new RawValue("uint8") as { view: Uint8Array },
  () => new Value("uint8").getObj() as { view: Uint8Array },
];

interface Block {
  readonly owner: object;
  readonly bytes: Uint8Array;
  readonly mark: number;
}

/** Creates and drops blocks at random; returns the buffers that it ever saw. Those that live at its end die with it. */
function exercise(): Set<WeakRef<ArrayBufferLike>> {
  const source = numbers();
  const random = (): number => source.next().value;
  const seen = new WeakSet<ArrayBufferLike>();
  const buffers = new Set<WeakRef<ArrayBufferLike>>();
  const blocks: Block[] = [];
  let wanted = 0;
  for (let i = 0; i < ITERATIONS; i++) {
    const owner = (makers[Math.floor(random() * makers.length)] as (typeof makers)[number])(randomSize(random));
    const { view: bytes } = owner;
    if (bytes.some((byte) => byte !== 0)) throw new Error(`block ${i} is not zeroed`);
    const mark = 1 + (i % 255);
    bytes.fill(mark);
    wanted += bytes.byteLength;
    blocks.push({ owner, bytes, mark });
    if (!seen.has(bytes.buffer)) buffers.add(new WeakRef(bytes.buffer));
    seen.add(bytes.buffer);
    if (blocks.length > MOST_ALIVE) blocks.splice(Math.floor(random() * MOST_ALIVE), 1);
    if (i % 100 === 0) verify(blocks);
  }
  verify(blocks);
  // A slab is left only for an object that it has no room for; objects with a lock take lines of their own beside.
  expect(buffers.size).toBeLessThan((2 * wanted) / 65536 + ITERATIONS / 100);
  return buffers;
}

/** Live blocks lie beside each other, never in each other, and keep what was written into them. */
function verify(blocks: readonly Block[]): void {
  const ends = new Map<ArrayBufferLike, number>();
  for (const { bytes, mark } of blocks.toSorted((a, b) => a.bytes.byteOffset - b.bytes.byteOffset)) {
    expect(bytes.byteOffset).toBeGreaterThanOrEqual(ends.get(bytes.buffer) ?? 0);
    ends.set(bytes.buffer, bytes.byteOffset + bytes.byteLength);
    expect(bytes.every((byte) => byte === mark)).toBe(true);
  }
}

it("_TestHeap.test_heap", async () => {
  const buffers = exercise();
  const left = (): number => [...buffers].filter((buffer) => buffer.deref() !== undefined).length;
  await collectUntil(() => left() <= 1);
  // The last slab stays: the next object goes there. A stack that is scanned conservatively may keep a few.
  expect(left()).toBeLessThan(10);
  expect(buffers.size).toBeGreaterThan(50);
});

import { capabilities, createMemory } from "@interlock/shm";
import { expect, it } from "vitest";

it.skipIf(process.platform === "linux")("a system that shares no memory is named in the error", () => {
  expect(capabilities()).toEqual({ sharedMemory: false, ffi: undefined, reason: expect.stringContaining(`${process.platform} on ${process.arch}`) });
  expect(() => createMemory({ size: 1024 })).toThrow(/^Cannot create shared memory as \w+ on \w+ is not supported/);
});

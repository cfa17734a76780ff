import * as all from "@interlock/pool";
import * as light from "@interlock/pool/worker";
import { expect, test } from "vitest";

test("the entry for workers gives what the other gives, and serve()", () => {
  const { serve, ...shared } = light;
  const others = new Map(Object.entries(all));
  expect(serve).toBeTypeOf("function");
  expect(Object.keys(shared).sort()).toEqual([
    "BrokenPipeError",
    "BufferTooShortError",
    "Connection",
    "ConnectionError",
    "EOFError",
    "Transferred",
    "context",
    "cpuCount",
    "currentProcess",
    "parentProcess",
    "registerError",
    "task",
    "transfer",
  ]);
  for (const [name, value] of Object.entries(shared)) expect(value, name).toBe(others.get(name));
});

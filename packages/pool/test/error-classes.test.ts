import { Pool } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { errorClasses, throwAbort, throwNamed, throwSeveral } from "./fixtures/error-class-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 1 });
  });
  afterAll(() => pool.terminate());

  it.each(Object.entries(errorClasses))("a task's %s arrives as one", async (name, Kind) => {
    const error = await pool.apply(throwNamed, [name]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Kind);
    expect(error).toMatchObject({ name, message: "from a task" });
  });

  it("a task's DOMException arrives as one", async () => {
    // One alone goes by message, several go by the ring.
    const alone = await Promise.allSettled([pool.apply(throwAbort)]);
    const several = await Promise.allSettled([1, 2].map(() => pool.apply(throwAbort)));
    for (const call of [...alone, ...several]) {
      const error = (call as PromiseRejectedResult).reason;
      expect(error).toBeInstanceOf(DOMException);
      expect(error).toMatchObject({ name: "AbortError", message: "enough", code: DOMException.ABORT_ERR });
    }
  });

  it("a task's AggregateError arrives as one, with its errors", async () => {
    const error = await pool.apply(throwSeveral).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({ name: "AggregateError", message: "several", errors: [expect.any(RangeError), 2] });
  });
});

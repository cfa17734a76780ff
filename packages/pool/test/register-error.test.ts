import { Pool, registerError } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { overdraw, QuotaError } from "./fixtures/error-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  describe("an error class of the user's", () => {
    let pool: Pool;
    beforeAll(() => {
      pool = new Pool({ backend, size: 1 });
    });
    afterAll(() => pool.terminate());

    it.each([true, false])("arrives as what it is, or as the nearest that is known (%s)", async (known) => {
      const error: unknown = await pool.apply(overdraw, [3, known]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(QuotaError);
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ message: "3 used", used: 3 });
      expect((error as Error).stack).toContain("error-tasks.ts");
    });

    it("is refused if it is none, or if its name is taken", () => {
      expect(() => registerError(Object as never)).toThrow(
        "Cannot register error class as 'type' must be a class that extends Error: received function Object",
      );
      expect(() => registerError(class extends Error {}, "TypeError")).toThrow("Cannot register error class TypeError as there is one of that name already");
    });
  });
});

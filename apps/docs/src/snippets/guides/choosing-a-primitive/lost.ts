import { RawValue, Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const unlocked = task(import.meta, "unlocked", (counter: Value<"int32"> | RawValue<"int32">) => {
  for (let i = 0; i < 250_000; i++) counter.value += 1; // a read and a write
});

export const locked = task(import.meta, "locked", (counter: Value<"int32">) => {
  for (let i = 0; i < 250_000; i++) counter.add(1); // both under the lock
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const [value, raw, safe] = [new Value("int32", 0), new RawValue("int32", 0), new Value("int32", 0)];
  const four = [1, 2, 3, 4];
  await Promise.all(four.map(() => pool.apply(unlocked, [value])));
  await Promise.all(four.map(() => pool.apply(unlocked, [raw])));
  await Promise.all(four.map(() => pool.apply(locked, [safe])));
  console.log("expected      ", 1_000_000);
  console.log("Value, no lock", value.value);
  console.log("RawValue      ", raw.value);
  console.log("Value, add    ", safe.value);
  await pool.terminate();
}

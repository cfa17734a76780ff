import { SharedArray, struct, Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

const account = struct({ euros: "int32", moves: "uint32" });
type Account = typeof account;

export const pay = task(import.meta, "pay", (from: Value<Account>, to: Value<Account>, euros: number) => {
  // Both have the same lock, so nobody sees money that is nowhere.
  from.getLock().run(() => {
    from.value.euros -= euros; // a live record: this writes the memory
    from.value.moves += 1;
    to.value.euros += euros;
    to.value.moves += 1;
  });
});

export const bump = task(import.meta, "bump", (days: SharedArray<"int32">, day: number) => {
  days.update(day, (n) => n + 1); // one element, under the array's lock
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const anna = new Value(account, { euros: 500, moves: 0 });
  const ben = new Value(account, { euros: 500, moves: 0 }, { lock: anna.lock });
  await pool.starmap(pay, Array(100).fill([anna, ben, 3]));
  console.log(JSON.stringify([anna.value, ben.value]));

  const days = new SharedArray("int32", 3);
  await pool.starmap(
    bump,
    [0, 2, 2, 0, 2].map((day) => [days, day] as const),
  );
  console.log([...days].join(" "));
  await pool.terminate();
}

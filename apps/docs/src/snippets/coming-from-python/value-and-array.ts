import { SharedArray, Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const work = task(import.meta, "work", (num: Value<"d">, arr: SharedArray<"i">) => {
  num.value = 2.5;
  arr.run(() => {
    for (const i of arr.keys()) arr.set(i, -arr.get(i));
  });
});

if (import.meta.main) {
  const num = new Value("d", 0.0); // Python's codes work, or "float64"
  const arr = new SharedArray("i", Array(10).keys());
  const pool = new Pool({ size: 4 });
  await pool.apply(work, [num, arr]);
  console.log(num.value);
  console.log(arr.slice().join(" ")); // arr[:]
  console.log(`${arr.at(-1)} ${arr.length}`); // arr[-1], len(arr)
  arr.assign(1, [7, 8]); // arr[1:3] = [7, 8]
  console.log(arr.slice(0, 4).join(" ")); // arr[0:4]
  await pool.terminate();
}

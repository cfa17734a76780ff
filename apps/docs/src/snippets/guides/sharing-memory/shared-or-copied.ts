import { SharedArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

interface Letter {
  readonly shared: SharedArray<"int32">;
  readonly copied: number[];
}

export const write = task(import.meta, "write", ({ shared, copied }: Letter) => {
  shared.set(0, 7);
  copied[0] = 7;
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const letter: Letter = { shared: new SharedArray("int32", 1), copied: [0] };
  await pool.apply(write, [letter]);
  console.log(`the shared array holds ${letter.shared.get(0)}`);
  console.log(`the plain array holds ${letter.copied[0]}`);
  await pool.terminate();
}

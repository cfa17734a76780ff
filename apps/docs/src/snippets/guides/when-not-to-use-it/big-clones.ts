import { SharedArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const firstOf = task(import.meta, "firstOf", (rows: { readonly id: number; readonly text: string }[]) => rows[0]?.id);
export const firstElement = task(import.meta, "firstElement", (column: SharedArray<"int32">) => column.get(0));

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  await pool.apply(firstOf, [[]]);
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, text: `row ${id}` }));
  const column = new SharedArray(
    "int32",
    rows.map(({ id }) => id),
  );

  let start = performance.now();
  await pool.apply(firstOf, [rows]); // every row is written out here and read in there
  const cloned = performance.now() - start;
  start = performance.now();
  await pool.apply(firstElement, [column]); // a few bytes say where it lies
  const shared = performance.now() - start;
  console.log(`20000 rows cloned: ${cloned.toFixed(1)} ms`);
  console.log(`a shared column: ${shared.toFixed(1)} ms`);
  await pool.terminate();
}

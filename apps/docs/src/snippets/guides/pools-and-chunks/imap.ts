import { Pool, task } from "@interlock/pool";

export const square = task(import.meta, "square", (n: number) => n * n);

let taken = 0;
function* numbers(): Generator<number> {
  for (let n = 1; ; n++) {
    taken++;
    yield n;
  }
}

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  for await (const result of pool.imap(square, numbers(), { bufferSize: 8 })) {
    console.log(result);
    if (result === 25) break; // closes the source, and drops what has not begun
  }
  console.log(`taken ahead of need: at most 8: ${taken <= 5 + 8}`);
  await pool.terminate();
}

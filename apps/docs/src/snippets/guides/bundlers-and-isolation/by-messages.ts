import { Pool, task } from "@interlock/pool";

// Needs no shared memory: it also runs in a page that is not isolated.
export const reverse = task(import.meta, "reverse", (text: string) => [...text].reverse().join(""));

if (import.meta.main) {
  const shared = typeof SharedArrayBuffer === "function";
  console.log(`this place has ${shared ? "shared memory" : "no shared memory: calls go by message"}`);
  const pool = new Pool({ size: 4 });
  console.log((await pool.map(reverse, ["abc", "madam"])).join(" "));
  await pool.terminate();
}

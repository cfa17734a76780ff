import { Pool, task } from "@interlock/pool";

interface Options {
  readonly size: number;
  readonly hooks?: { readonly done: () => void };
}

export const size = task(import.meta, "size", (options: Options) => options.size);
export const make = task(import.meta, "make", () => ({ rows: [{ parse: (text: string) => Number(text) }] }));

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const say = (error: Error): void => console.log(error.message);
  await pool.apply(size, [{ size: 1, hooks: { done: () => {} } }]).catch(say);
  await pool.apply(make).catch(say);
  await pool.terminate();
}

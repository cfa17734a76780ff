import { Pool, registerError, task } from "@interlock/pool";

class NotFound extends Error {
  override readonly name = "NotFound";
  readonly key: string;
  constructor(key: string) {
    super(`there is no ${key}`);
    this.key = key;
  }
}
registerError(NotFound); // in the module that both sides import

export const find = task(import.meta, "find", (key: string) => {
  if (key.startsWith("x")) throw new NotFound(key);
  return key.toUpperCase();
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  try {
    await pool.map(find, ["a", "xb", "c"]);
  } catch (error) {
    console.log(`a NotFound: ${error instanceof NotFound}`);
    if (error instanceof NotFound) console.log(`${error.message}; its key is ${error.key}`);
  }
  const found = pool.imap(find, ["a", "xb", "c"], { failFast: false });
  console.log((await found.next()).value);
  await found.next().catch((error: Error) => console.log(`skipped: ${error.message}`));
  console.log((await found.next()).value);
  await pool.terminate();
}

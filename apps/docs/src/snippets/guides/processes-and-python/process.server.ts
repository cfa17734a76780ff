import { Process, task } from "@interlock/pool";

export const square = task(import.meta, "square", (n: number) => n * n);
export const fail = task(import.meta, "fail", () => {
  throw new RangeError("not today");
});

if (import.meta.main) {
  const child = new Process(square, [12]);
  child.start();
  console.log(await child.result());
  await child.join();
  console.log(`exit code ${child.exitCode}`);

  const broken = new Process(fail);
  broken.start();
  await broken.join(); // never rejects for what the task did
  console.log(`exit code ${broken.exitCode}: ${(broken.error as Error).message}`);
}

import { Thread, task } from "@interlock/pool";

export const greet = task(import.meta, "greet", (name: string) => `hello ${name}`);

if (import.meta.main) {
  const thread = new Thread(greet, ["bob"], { name: "greeter" });
  thread.start();
  console.log(await thread.result()); // Python has no such thing
  await thread.join();
  console.log(`${thread.name} ended with ${thread.exitCode}`);
}

import { context, Pool, task } from "@interlock/pool";

export const train = task(import.meta, "train", (epochs: number) => {
  let loss = 1;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    loss /= 2; // the real work
    context().report({ epoch, loss });
  }
  return loss;
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const onReport = (value: unknown): void => {
    const { epoch, loss } = value as { epoch: number; loss: number };
    console.log(`epoch ${epoch}: loss ${loss}`);
  };
  const loss = await pool.apply(train, [3], { onReport });
  console.log(`done: ${loss}`);
  await pool.terminate();
}

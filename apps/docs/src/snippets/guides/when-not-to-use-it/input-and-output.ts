// Waiting costs no processor: one thread waits for a hundred answers at once.
async function ask(n: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 50)); // a request, say
  return n * 2;
}

if (import.meta.main) {
  const start = performance.now();
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(n)));
  const milliseconds = performance.now() - start;
  console.log(`${answers.length} answers, the last is ${answers.at(-1)}`);
  console.log(`in less than half the time of one after the other: ${milliseconds < (100 * 50) / 2}`);
}

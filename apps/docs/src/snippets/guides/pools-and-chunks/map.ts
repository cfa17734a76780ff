import { Pool, task } from "@interlock/pool";

export const countPrimes = task(import.meta, "countPrimes", (below: number) => {
  let primes = 0;
  next: for (let n = 2; n < below; n++) {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) continue next;
    primes++;
  }
  return primes;
});

export const power = task(import.meta, "power", (base: number, exponent: number) => base ** exponent);

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const primes = await pool.map(countPrimes, [10, 1000, 100_000]);
  console.log(primes.join(" ")); // in the order of the items
  console.log(await pool.apply(power, [2, 10])); // one call
  const powers = await pool.starmap(power, [
    [2, 3],
    [3, 2],
  ]); // several arguments
  console.log(powers.join(" "));
  await pool.terminate();
}

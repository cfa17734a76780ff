/**
 * What this process takes of the machine.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** Resolves after some time. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Per cent of one core that this process uses over some seconds. */
export async function load(seconds: number): Promise<number> {
  const before = process.cpuUsage();
  const started = performance.now();
  await pause(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ((performance.now() - started) / 100);
}

/** Resolves when the garbage is gone. */
export async function collected(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    (globalThis as { gc?: () => void }).gc?.();
    await pause(50);
  }
}

/** Megabytes that a process has in memory, shared pages as if they were its own: Linux only. */
export function resident(id: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** Megabytes of memory in use, each shared page by its share: Linux only. */
export function proportional(): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/smaps_rollup", "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

import { readdirSync, statSync } from "node:fs";
import { AbandonedLockError, Event, Lock, Value } from "@interlock/core";
import { ROSTER_BYTES, type RosterGuard, SharedRoster } from "@interlock/core/base";
import { Process, Thread } from "@interlock/pool";
import { createMemory, type ShmMemory } from "@interlock/shm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireSys } from "../src/capabilities.ts";
import * as tasks from "./fixtures/shm-tasks.ts";

// Who is a member of a memory, and whose slots others may have again. There are 1024.

const SLOTS = 1024;
const MANY = 1500;
/** Where a memory's roster lies. */
const ROSTER_AT = 64;

let memory: ShmMemory;
beforeEach(() => {
  memory = createMemory({ size: 1 << 16 });
});
afterEach(() => memory.close());

/** Runs a task in a process. */
async function run<A extends readonly unknown[], R>(task: (...args: A) => R, ...args: A): Promise<Awaited<R>> {
  const child = new Process(task as never, args as never);
  child.start();
  return (await child.result()) as never;
}

/** Opens the memory's file as another would. */
const openAgain = (): number => requireSys("test").openOf(process.pid, memory.handle.descriptor) as number;

/** The slots whose byte of the file somebody has locked. */
function lockedSlots(): number[] {
  const sys = requireSys("test");
  const descriptor = openAgain();
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => sys.locked(descriptor, slot));
  sys.close(descriptor);
  return slots;
}

/** How often this process has the memory's file open. */
function timesOpen(): number {
  const fileOf = (descriptor: string | number): number | undefined => statSync(`/proc/self/fd/${descriptor}`, { throwIfNoEntry: false })?.ino;
  const file = fileOf(memory.handle.descriptor);
  return readdirSync("/proc/self/fd").filter((descriptor) => fileOf(descriptor) === file).length;
}

describe("slots of a memory are free again", () => {
  it("when their members have left it", async () => {
    const counter = new Value("int32", 0, { memory });
    expect(await run(tasks.liveOften, counter.handle, MANY)).toBe(MANY);
    expect(counter.value).toBe(MANY);
    expect(lockedSlots()).toEqual([memory.agent.slot]);
  });

  it("when their members have died without a word", async () => {
    const sys = requireSys("test");
    let last = { slot: 0, generation: 0 };
    for (let i = 0; i < MANY; i++) {
      // As a process that is killed: all that is left of it is that the system has closed its opening of the file.
      const descriptor = openAgain();
      const guard: RosterGuard = {
        take: (slot) => sys.lock(descriptor, slot, "exclusive"),
        drop: (slot) => sys.unlock(descriptor, slot),
        lives: (slot) => sys.locked(descriptor, slot),
      };
      last = new SharedRoster(memory.buffer, { byteOffset: ROSTER_AT, create: false, guard }).claim();
      sys.close(descriptor);
    }
    expect(memory.roster.alive(memory.agent.slot, memory.agent.generation)).toBe(true);
    const [counter, lock] = [new Value("int32", 0, { memory }), new Lock({ memory })];
    await Promise.all([1, 2, 3].map(() => run(tasks.addUnderLock, counter, lock, 100)));
    expect(counter.value).toBe(300);
    expect(memory.roster.alive(last.slot, last.generation)).toBe(false);
  });

  it("when their threads have ended, although their process lives", async () => {
    const counter = new Value("int32", 0, { memory });
    for (let i = 0; i < 3; i++) {
      const thread = new Thread(tasks.update, [counter, 10]);
      thread.start();
      await thread.result();
      await thread.join();
    }
    expect(lockedSlots()).toEqual([memory.agent.slot]);
    expect(timesOpen()).toBe(1);
  });

  it("when their threads were ended by force", async () => {
    const begun = new Event({ memory });
    const thread = new Thread(tasks.spinOn, [begun]);
    thread.start();
    await begun.waitAsync();
    expect(lockedSlots()).toHaveLength(2);
    await thread.terminate();
    expect(lockedSlots()).toEqual([memory.agent.slot]);
  });
});

it("a slot is found also if another has just buried all who were dead", () => {
  const buffer = new SharedArrayBuffer(ROSTER_BYTES);
  const nobody: RosterGuard = { take: () => true, drop: () => {}, lives: () => true };
  const first = new SharedRoster(buffer, { byteOffset: 0, create: true, guard: nobody });
  const seats = Array.from({ length: SLOTS }, () => first.claim());
  expect(() => first.claim()).toThrow(/all 1024 are taken/);
  // It is asked about the first, and meanwhile another finds all of them dead.
  const late: RosterGuard = {
    ...nobody,
    lives() {
      for (const { slot, generation } of seats.splice(0)) first.markDead(slot, generation);
      return true;
    },
  };
  expect(new SharedRoster(buffer, { byteOffset: 0, create: false, guard: late }).claim().generation).toBe(3);
});

it("a dead member's slot does not pass for it once another has it", async () => {
  const [lock, held] = [new Lock({ memory }), new Event({ memory })];
  const owner = new Process(tasks.hold, [lock, held]);
  owner.start();
  await held.waitAsync();
  const { slot, generation } = lock.owner as { slot: number; generation: number };
  owner.kill();
  await owner.join();
  const sys = requireSys("test");
  const descriptor = openAgain();
  // Somebody has its byte of the file now, as a new member would.
  expect(sys.lock(descriptor, slot, "exclusive")).toBe(true);
  memory.roster.markDead(slot, generation);
  expect(() => lock.acquire({ timeout: 1000 })).toThrow(AbandonedLockError);
  expect(lock.recover()).toBe(true);
  lock.release();
  sys.close(descriptor);
});

/**
 * What the threads of a scenario tell the main thread while they run: plain shared words, nothing of what is tested.
 *
 * | word           | meaning                                                                    |
 * | -------------- | -------------------------------------------------------------------------- |
 * | 0              | 1 once the threads are to stop                                             |
 * | of each seat 0 | 1 while its thread is where it may be ended: it waits for that             |
 * | of each lane 0 | 1 + index in OPERATIONS of what it does now, 0 between operations          |
 * |              1 | how many operations it has ended                                           |
 * |              2 | how many of them were refused or timed out                                 |
 * |              3 | how many of them were aborted                                              |
 * |              4 | the longest that one took, in microseconds                                 |
 *
 * @module
 */
import type { RawArray } from "@interlock/core";
import type { Task } from "@interlock/pool";
import { createWords } from "./words.ts";

/** How long any one operation may take. Far above what a loaded machine needs, far below for ever. */
export const HANG_MS = 10_000;

/** What a task throws to die of it. */
export const DEATH = "a death on purpose";

export const OPERATIONS = [
  "acquire",
  "acquire with timeout",
  "tryAcquire",
  "tryAcquire with timeout",
  "acquireAsync",
  "acquireAsync with timeout",
  "acquireAsync with signal",
  "tryAcquireAsync",
  "tryAcquireAsync with timeout",
  "tryAcquireAsync with signal",
  "wait",
  "wait with timeout",
  "waitAsync",
  "waitAsync with timeout",
  "waitAsync with signal",
  "run",
  "runAsync",
  "update",
  "updateAsync",
  "add",
  "release",
  "notify",
  "set",
  "recover",
  "reset",
  "put",
  "put with timeout",
  "tryPut",
  "tryPut with timeout",
  "putAsync",
  "putAsync with timeout",
  "putAsync with signal",
  "get",
  "get with timeout",
  "tryGet",
  "tryGet with timeout",
  "getAsync",
  "getAsync with timeout",
  "getAsync with signal",
  "iterate",
  "taskDone",
  "join",
  "join with timeout",
  "joinAsync",
  "joinAsync with timeout",
  "joinAsync with signal",
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** Lanes of one thread: tasks of it that run beside each other. */
export const MOST_LANES = 3;

/** Threads of one scenario, those included that it starts besides as many as it is told to. */
export const MOST_SEATS = 64;

/** Of more, a barrier that all lanes meet at would have more parties than the bits that count them. */
export const MOST_THREADS = 16;

const LANE_WORDS = 5;
const SEAT_WORDS: number = 1 + LANE_WORDS * MOST_LANES;

export const ENDED = 1;
export const TIMEOUTS = 2;
export const ABORTS = 3;
export const SLOWEST = 4;

/** Where one thread finds its words and its random numbers. Plain data. */
export interface Seat {
  readonly board: RawArray<"int32">;
  /** Which place it takes; a replacement takes that of a dead thread. */
  readonly index: number;
  /** Which thread it is, replacements counted on: from 1. */
  readonly member: number;
  readonly lanes: number;
  readonly seed: number;
  /** Whether it is that of a process. */
  readonly process: boolean;
}

/** A task of a scenario. */
// biome-ignore lint/suspicious/noExplicitAny: what follows the seat differs
export type Role = Task<[seat: Seat, ...shared: any[]], Promise<Report>>;

/** What a thread says at its end: what its scenario counts. */
export type Report = Readonly<Record<string, number>>;

export function createBoard(seats: number): RawArray<"int32"> {
  return createWords(1 + seats * SEAT_WORDS);
}

export function seatAt(index: number): number {
  return 1 + index * SEAT_WORDS;
}

export function laneAt(index: number, lane: number): number {
  return seatAt(index) + 1 + LANE_WORDS * lane;
}

import { PYTHON } from "../goal.ts";
import { handOvers } from "../hand-over.ts";

export const title = "Semaphore hand-off, 2 processes on one core: one hand-over";
export const pinned = true;
export const goals = [{ contender: PYTHON, atMost: 2, known: 2.1 }];
export const contenders = handOvers;

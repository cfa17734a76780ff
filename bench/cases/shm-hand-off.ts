import { PYTHON } from "../goal.ts";
import { handOvers } from "../hand-over.ts";

/** Which cores the system picks decides: a wake of another core costs ten times that of the same one. */
export const title = "Semaphore hand-off, 2 processes: one hand-over";
export const goals = [{ contender: PYTHON, atMost: 2, known: 9 }];
export const contenders = handOvers;

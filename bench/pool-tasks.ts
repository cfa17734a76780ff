/**
 * The same functions as tasks.
 *
 * @module
 */
import { task } from "@interlock/pool/worker";
import * as functions from "./pools/functions.ts";

export const increment = task(import.meta, "increment", functions.increment);
export const square = task(import.meta, "square", functions.square);
export const squareAll = task(import.meta, "squareAll", functions.squareAll);
export const squareInPlace = task(import.meta, "squareInPlace", functions.squareInPlace);
export const renumber = task(import.meta, "renumber", functions.renumber);
export const doubleAll = task(import.meta, "doubleAll", functions.doubleAll);
export const sum = task(import.meta, "sum", functions.sum);
export const introduce = task(import.meta, "introduce", functions.introduce);

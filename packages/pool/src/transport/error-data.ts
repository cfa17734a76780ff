/**
 * Errors as plain data. Structured clone loses causes, names, classes and fields on some engine or other.
 *
 * @module
 */
import { AbandonedLockError, DeadlockError, LockStateError, TimeoutError } from "@interlock/core";
import { PoolClosedError, WorkerLostError } from "../errors.ts";
import { isClonable } from "./clonable.ts";

/** A thrown value on its way. */
export type ErrorData =
  | { readonly kind: "value"; readonly value: unknown }
  | {
      readonly kind: "error";
      /** The class to make it of, if known on the other side. */
      readonly type: string;
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause?: ErrorData;
      readonly errors?: readonly ErrorData[];
      readonly fields: Readonly<Record<string, unknown>>;
    };

type ErrorClass = new (message: string) => Error;

const classes: Readonly<Record<string, ErrorClass>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AbandonedLockError,
  DeadlockError,
  LockStateError,
  TimeoutError,
  PoolClosedError,
  WorkerLostError,
};

/** How deep causes are followed; a cycle ends there. */
const DEPTH = 8;

/** Turns whatever was thrown into data that can be posted. */
export function toErrorData(thrown: unknown, depth: number = DEPTH): ErrorData {
  if (!(thrown instanceof Error)) return { kind: "value", value: isClonable(thrown) ? thrown : String(thrown) };
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(thrown)) {
    if (key === "name" || key === "cause" || key === "errors") continue;
    const value = (thrown as unknown as Record<string, unknown>)[key];
    if (isClonable(value)) fields[key] = value;
  }
  return {
    kind: "error",
    type: typeName(thrown),
    name: thrown.name,
    message: thrown.message,
    stack: thrown.stack,
    ...("cause" in thrown && depth > 0 ? { cause: toErrorData(thrown.cause, depth - 1) } : {}),
    ...(thrown instanceof AggregateError && depth > 0 ? { errors: thrown.errors.map((one) => toErrorData(one, depth - 1)) } : {}),
    fields,
  };
}

/** Makes the error again, of the same class if that is known here. */
export function fromErrorData(data: ErrorData): unknown {
  if (data.kind === "value") return data.value;
  const error: Error =
    data.errors === undefined ? new (classes[data.type] ?? Error)(data.message) : new AggregateError(data.errors.map(fromErrorData), data.message);
  const set = (key: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  };
  if (error.name !== data.name) set("name", data.name, false);
  if (data.stack !== undefined) set("stack", data.stack, false);
  if (data.cause !== undefined) set("cause", fromErrorData(data.cause), false);
  for (const [key, value] of Object.entries(data.fields)) set(key, value, true);
  return error;
}

/** The nearest class that the other side knows. */
function typeName(error: Error): string {
  for (let proto: unknown = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    for (const [name, one] of Object.entries(classes)) if (one.prototype === proto) return name;
  }
  return "Error";
}

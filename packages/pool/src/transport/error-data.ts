/**
 * Errors as plain data. Structured clone loses causes, names, classes and fields on some engine or other.
 *
 * @module
 */
import { AbandonedLockError, BrokenBarrierError, DeadlockError, LockStateError, QueueClosedError, TimeoutError } from "@interlock/core/base";
import { BrokenPipeError, BufferTooShortError, ConnectionError, EOFError, PoolClosedError, QueueFullError, WorkerLostError } from "../errors.ts";
import { isCarried } from "./clonable.ts";

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

type ErrorClass = abstract new (...args: never[]) => Error;

const builtIn: Readonly<Record<string, ErrorClass>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
  DOMException,
  AbandonedLockError,
  BrokenBarrierError,
  DeadlockError,
  LockStateError,
  QueueClosedError,
  TimeoutError,
  PoolClosedError,
  QueueFullError,
  WorkerLostError,
  BrokenPipeError,
  BufferTooShortError,
  ConnectionError,
  EOFError,
};

/** The classes of users, in whatever copy of this package they were registered. */
const REGISTERED: symbol = Symbol.for("@interlock/pool/errors");

function registered(): Map<string, ErrorClass> {
  const global = globalThis as unknown as Record<symbol, Map<string, ErrorClass> | undefined>;
  global[REGISTERED] ??= new Map();
  return global[REGISTERED];
}

/** Makes errors of a class known here; see `registerError`. */
export function addErrorClass(name: string, type: ErrorClass): void {
  if (Object.hasOwn(builtIn, name)) throw new TypeError(`Cannot register error class ${name} as there is one of that name already`);
  registered().set(name, type);
}

/** How deep causes are followed; a cycle ends there. */
const DEPTH = 8;

/** Turns whatever was thrown into data that can be posted. */
export function toErrorData(thrown: unknown, depth: number = DEPTH): ErrorData {
  if (!(thrown instanceof Error)) return { kind: "value", value: isCarried(thrown) ? thrown : String(thrown) };
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(thrown)) {
    if (key === "name" || key === "cause" || key === "errors") continue;
    const value = (thrown as unknown as Record<string, unknown>)[key];
    if (isCarried(value)) fields[key] = value;
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
  const error = create(data);
  // Not by its constructor, which may want other arguments.
  const type = Object.hasOwn(builtIn, data.type) ? builtIn[data.type] : registered().get(data.type);
  if (type !== undefined) Object.setPrototypeOf(error, type.prototype as object);
  const set = (key: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  };
  if (error.name !== data.name) set("name", data.name, false);
  if (data.stack !== undefined) set("stack", data.stack, false);
  if (data.cause !== undefined) set("cause", fromErrorData(data.cause), false);
  for (const [key, value] of Object.entries(data.fields)) set(key, value, true);
  return error;
}

function create({ type, name, message, errors }: ErrorData & { readonly kind: "error" }): Error {
  if (errors !== undefined) return new AggregateError(errors.map(fromErrorData), message);
  // It has slots that no prototype gives, and its code follows from its name.
  return type === "DOMException" ? new DOMException(message, name) : new Error(message);
}

/** The nearest class that the other side knows. */
function typeName(error: Error): string {
  for (let proto: unknown = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    for (const [name, one] of [...registered(), ...Object.entries(builtIn)]) if (one.prototype === proto) return name;
  }
  return "Error";
}

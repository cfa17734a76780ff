/**
 * Pools that were dropped by whoever should have disposed of them.
 *
 * @module
 */
import { runtime } from "./runtime/select.ts";

/** What is left of a pool. Must not lead to the pool itself. */
export interface Remains {
  readonly name: string;
  /** Ends the workers once they have nothing to do. */
  readonly end: () => Promise<void>;
}

/** A program that ends within this time is not warned: what it leaves, it leaves for good. */
const LEAVE_MS = 1000;

let registry: FinalizationRegistry<Remains> | undefined;

/** Warns once nobody can dispose of a pool any more although nobody has, and ends its workers in their stead. */
export function expectDisposal(pool: object, remains: Remains): void {
  registry ??= new FinalizationRegistry(({ name, end }) => {
    end().catch(() => {});
    const warn = (): void => runtime().warn(`${name} was dropped while it ran: end a pool by terminate(), or by close() and join()`, "ResourceWarning");
    runtime().unrefTimer(setTimeout(warn, LEAVE_MS));
  });
  registry.register(pool, remains, pool);
}

/** A pool was disposed of. */
export function disposed(pool: object): void {
  registry?.unregister(pool);
}

/**
 * What came by message, with the core objects and connections that it stands for.
 *
 * @module
 */
import { hydrated } from "#hydrate";

/** Makes a connection of what travelled in its place. */
export type Uncarry = (data: unknown) => unknown;

/**
 * Passes a value on.
 *
 * @param packed Whether core objects or connections are in it.
 * @param refuse Is told if they cannot be made.
 * @param uncarry Makes connections.
 * @returns A promise if it takes a while.
 */
export function unpacked(
  packed: boolean,
  value: unknown,
  use: (value: unknown) => void,
  refuse: (error: unknown) => void,
  uncarry: Uncarry,
): undefined | Promise<void> {
  if (!packed) {
    use(value);
    return undefined;
  }
  try {
    return hydrated(value, uncarry, use)?.catch(refuse);
  } catch (error) {
    refuse(error);
    return undefined;
  }
}

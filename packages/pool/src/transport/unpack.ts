/**
 * What came by message, with the core objects that it stands for.
 *
 * @module
 */
import { hydrated } from "#hydrate";

/**
 * Passes a value on.
 *
 * @param packed Whether core objects are in it.
 * @param refuse Is told if they cannot be attached.
 * @returns A promise if it takes a while.
 */
export function unpacked(packed: boolean, value: unknown, use: (value: unknown) => void, refuse: (error: unknown) => void): undefined | Promise<void> {
  if (!packed) {
    use(value);
    return undefined;
  }
  try {
    return hydrated(value, use)?.catch(refuse);
  } catch (error) {
    refuse(error);
    return undefined;
  }
}

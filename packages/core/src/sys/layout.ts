/**
 * The version of everything that lies in shared memory or travels in handles. Two copies of core in one program share
 * objects if and only if they agree on it.
 *
 * @module
 */
export const LAYOUT = 1;

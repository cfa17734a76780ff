/**
 * Memory that operating system processes share, with Python if you like: values, locks and queues of core between them.
 *
 * @module
 */
export { type Capabilities, capabilities } from "./capabilities.ts";
export { attachMemory, createMemory, type MemoryOptions, type ShmHandle, ShmMemory } from "./memory.ts";
export type { ShareableItem } from "./shareable-item.ts";
export { ShareableList } from "./shareable-list.ts";
export { SharedMemory, type SharedMemoryOptions } from "./shared-memory.ts";

/**
 * What a worker is given to run.
 *
 * @module
 */
import type { Column } from "../channel/records.ts";
import type { TaskReference } from "../task.ts";
import type { Elements, Numbers } from "./place.ts";

/** A batch, as it arrived. */
export interface Assignment {
  readonly id: number;
  readonly task: TaskReference;
  readonly count: number;
  readonly spread: boolean;
  readonly eager: boolean;
  readonly timed: boolean;
  /** Whether it came through the channel, and not by message. */
  readonly byChannel: boolean;
  items: Column;
  /** Where items and results are, if not in `items`. */
  numbers?: Numbers | undefined;
  elements?: Elements | undefined;
}

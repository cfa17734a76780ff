/**
 * What runs on this system, as Linux tells.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process. */
export interface Entry {
  readonly pid: number;
  readonly parent: number;
  /** Tells it from another that has its number later. */
  readonly since: string;
  readonly command: string;
}

/** Whether this system tells. */
export const hasProcessTable: boolean = existsSync("/proc/self/stat");

/** The process of a number; undefined if it has ended, whether anybody took notice or not. */
function entryOf(pid: number): Entry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in parentheses, and may hold any.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, parent] = fields as [string, string];
    if (state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, parent: Number(parent), since: fields[19] as string, command };
  } catch {
    return undefined;
  }
}

function all(): Entry[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (entryOf(Number(name)) ?? []) : []));
}

/** All processes that a process has started, and they in turn. */
export function descendants(pid: number): Entry[] {
  const entries = all();
  const found: Entry[] = [];
  for (let parents = [pid]; parents.length > 0; ) {
    const children = entries.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map((child) => child.pid);
  }
  return found;
}

/** All processes that were started with an environment variable of that value. */
export function startedWith(variable: string, value: string): Entry[] {
  return all().filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${variable}=${value}`);
    } catch {
      return false;
    }
  });
}

/** Whether a process runs still. */
export function runs({ pid, since }: Entry): boolean {
  return entryOf(pid)?.since === since;
}

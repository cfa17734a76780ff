/**
 * Sees to it that no child outlives this program, however it ends: a shell that knows the numbers of all children, and ends
 * them when the pipe from this program closes. Most children notice by themselves; one that spins does not.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";

/**
 * Each line holds the numbers of all children, and replaces the last. A line that was cut off by the end counts for nothing.
 * The signals of a terminal are for the program. On Deno, a child's shell has inherited what the child has from its parent,
 * who would wait for all of them to let go of it.
 */
const SCRIPT = `exec 3>&- 4>&- 5>&-
trap '' INT TERM HUP QUIT
pids=
end() { if [ -n "$pids" ]; then kill -9 $pids 2>/dev/null; fi; exit; }
trap end USR1
while read -r line; do pids=$line; done
end`;

/** A shell that lived for less than this is not replaced at once: the next would not live longer. */
const SHORT_MS = 1000;

/** The children of this program, for one who ends them if it cannot. */
export class OrphanWatch {
  readonly #children = new Set<number>();
  #shell: ChildProcess | undefined;
  #warned = false;
  readonly #onShell: (pid: number) => void;

  /** @param onShell Is given the number of the shell, and of any that replaces it: SIGUSR1 is to it as the end of this program. */
  constructor(onShell: (pid: number) => void) {
    this.#onShell = onShell;
  }

  /** Watches a child. */
  add(pid: number): void {
    this.#children.add(pid);
    this.#tell();
  }

  /** It has ended, and another process may get its number. */
  delete(pid: number): void {
    if (this.#children.delete(pid)) this.#tell();
  }

  #tell(): void {
    if (this.#children.size > 0) this.#shell ??= this.#start();
    this.#shell?.stdin?.write(`${[...this.#children].join(" ")}\n`);
  }

  #start(): ChildProcess | undefined {
    // There, the runtime ends children with their parent.
    if (process.platform === "win32") return undefined;
    const { spawn } = process.getBuiltinModule("node:child_process");
    let shell: ChildProcess;
    try {
      shell = spawn("/bin/sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {}, cwd: "/" });
    } catch {
      // Deno without the permission to run it.
      return undefined;
    }
    const started = performance.now();
    shell.on("error", (error) => {
      this.#shell = undefined;
      this.#warn(error);
    });
    shell.on("exit", () => {
      this.#shell = undefined;
      if (this.#children.size > 0 && performance.now() - started > SHORT_MS) this.#tell();
    });
    shell.stdin?.on("error", () => {});
    shell.unref();
    if (shell.pid !== undefined) this.#onShell(shell.pid);
    // It has only a socket's methods where it is one.
    (shell.stdin as { unref?: () => void } | null)?.unref?.();
    return shell;
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning(`Cannot watch for orphans as /bin/sh cannot be started: child processes that spin outlive a program that is killed (${error})`);
  }
}

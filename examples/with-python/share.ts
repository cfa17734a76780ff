import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SharedMemory } from "@interlock/shm";

// TypeScript and Python share an array of doubles: nothing is copied and nothing is sent but its name.

const COUNT = 1_000_000;

/** Runs the Python program, and resolves with what it printed. */
function python(...args: string[]): Promise<string> {
  const child = spawn("python3", [fileURLToPath(new URL("./square.py", import.meta.url)), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (piece) => {
    printed += String(piece);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(printed.trim()) : reject(new Error(`Python ended with ${code}`))));
  });
}

if (import.meta.main) {
  const memory = SharedMemory.create({ size: 8 * COUNT });
  try {
    const numbers = new Float64Array(memory.buffer, 0, COUNT).map((_, i) => i);
    new Float64Array(memory.buffer).set(numbers);
    const sum = Number(await python(memory.name, String(COUNT)));
    const squares = new Float64Array(memory.buffer, 0, COUNT);
    const expected = squares.reduce((total, n) => total + n, 0);
    console.log(`Python squared ${COUNT} numbers in place; the last is ${squares.at(-1)}, their sum ${sum}`);
    if (squares[COUNT - 1] !== (COUNT - 1) ** 2 || Math.abs(sum / expected - 1) > 1e-12)
      throw new Error("Cannot go on as TypeScript and Python must see the same memory: received something else");
  } finally {
    memory.unlink();
    memory.close();
  }
}

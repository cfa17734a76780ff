import type { Lock, RawValue, Value } from "@interlock/core" with { "resolution-mode": "import" };

const { task }: typeof import("@interlock/pool") = require("@interlock/pool");
const { pathToFileURL }: typeof import("node:url") = require("node:url");

const here = pathToFileURL(__filename).href;

exports.square = task(here, "square", (n: number) => n * n);

exports.count = task(here, "count", (lock: Lock, counter: RawValue<"int32">, times: number) => {
  for (let i = 0; i < times; i++) lock.run(() => counter.value++);
});

exports.add = task(here, "add", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});

import { deserialize, serialize } from "node:v8";
import { codec } from "@interlock/core";
import { type Contender, mustBe, nanoseconds } from "../measure.ts";

/** Copying a small message by way of something that can cross to another thread. */
export const title = "flat object with four fields, encode + decode";
export const goals = [{ contender: "structuredClone", atMost: 1 }];

interface Message {
  readonly id: number;
  readonly name: string;
  readonly ok: boolean;
  readonly score: number;
}

const copying = (operations: number, copy: (message: Message) => unknown): number =>
  nanoseconds(operations, (n) => {
    let ids = 0;
    for (let i = 0; i < n; i++) ids += (copy({ id: 1, name: "worker", ok: true, score: 1.5 }) as Message).id;
    mustBe(n, ids);
  });

export const contenders: Readonly<Record<string, Contender>> = {
  structuredClone: () => copying(2e5, (message) => structuredClone(message)),
  JSON: () => copying(5e5, (message) => JSON.parse(JSON.stringify(message))),
  "v8.serialize": () => copying(1e5, (message) => deserialize(serialize(message))),
  interlock: () => copying(5e5, (message) => codec.decode(codec.encode(message))),
};

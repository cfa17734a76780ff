/**
 * Opens ports of pipes as the runtime allows.
 *
 * @module
 */
import { runtime } from "../runtime/select.ts";
import type { PortPlace, PortWire } from "./port-wire.ts";
import { PulledPort } from "./pulled-port.ts";
import { PushedPort } from "./pushed-port.ts";
import { createWords } from "./words.ts";

/** Opens a port of a pipe. */
export function openPort(place: PortPlace): PortWire {
  const { ports } = runtime();
  return ports === undefined || place.words === undefined ? new PushedPort(place) : new PulledPort(place, ports);
}

/** Opens both ports of a new pipe. */
export function openPorts(): [PortWire, PortWire] {
  const { port1, port2 } = new MessageChannel();
  const words = createWords();
  return [openPort({ side: 0, words, port: port1, received: 0 }), openPort({ side: 1, words, port: port2, received: 0 })];
}

import { roundTrips } from "../round-trip.ts";

/** The same on one core, where figures do not depend on which cores the system picks. */
export const title = "Pool of 2: one call there and back, all threads on one core";
export const pinned = true;
export const goals = [{ contender: "bare ping-pong", atMost: 0.6, known: 1.8 }];
export const contenders = roundTrips;

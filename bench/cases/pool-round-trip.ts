import { roundTrips } from "../round-trip.ts";

/** One call after the other, on two cores: what wakes a thread on another core is most of it. */
export const title = "Pool of 2: one call there and back";
export const goals = [{ contender: "bare ping-pong", atMost: 1 }];
export const contenders = roundTrips;

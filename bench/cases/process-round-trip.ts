import { processRoundTrips } from "../round-trip.ts";

/** One call after the other: a message through the system's pipe wakes a process on another core, twice. */
export const title = "Pool of 2 processes: one call there and back";
export const contenders = processRoundTrips;

/**
 * Which agent this thread is, in each roster that it has met.
 *
 * The table hangs on `globalThis` under a registered symbol, so that two copies of core in one thread are one agent.
 * It is made on first use; importing changes nothing.
 *
 * @module
 */
import { type Agent, SharedRoster } from "../roster.ts";
import { now } from "./host.ts";
import { LAYOUT } from "./layout.ts";

/** A seat in a roster, as plain data that can be posted to the thread that is to take it. */
export interface AgentHandle {
  readonly roster: SharedArrayBuffer;
  readonly slot: number;
  readonly generation: number;
}

/** A roster and who this thread is in it. */
export interface Membership {
  readonly roster: SharedRoster;
  readonly agent: Agent;
}

interface ThreadState {
  /** What it is called where it is at home. */
  name: string;
  /** The group in which this thread creates objects. */
  home: Membership | undefined;
  readonly memberships: Map<string, Membership>;
  readonly checkpoints: Set<() => void>;
  /** Called after a slice in which somebody died or was asked to leave. */
  readonly errands: Set<() => void>;
  /** Called when this thread has noticed that another is gone. */
  readonly mourners: Set<() => void>;
  /** How memory of each kind that is not core's own is attached. */
  readonly memoryKinds: Map<string, MemoryKind>;
}

/** Attaches a memory by its handle. */
export type MemoryKind = (handle: object) => object;

const KEY = Symbol.for(`@interlock/core/thread/${LAYOUT}`);

function thread(): ThreadState {
  const global = globalThis as unknown as Record<symbol, ThreadState | undefined>;
  global[KEY] ??= {
    name: "main",
    home: undefined,
    memberships: new Map(),
    checkpoints: new Set(),
    errands: new Set(),
    mourners: new Set(),
    memoryKinds: new Map(),
  };
  return global[KEY];
}

/** The roster in which this thread creates objects; made on first use. */
export function home(): Membership {
  const state = thread();
  if (state.home === undefined) {
    state.home = enlist(state, new SharedRoster());
    state.home.roster.setName(state.home.agent.slot, state.name);
  }
  return state.home;
}

/** Names this thread where a lock's owner is shown, before it creates or attaches anything: "main" unless named, or started by another. */
export function nameSelf(name: string): void {
  thread().name = name;
}

/** Who this thread is in the roster of a handle; takes a slot there if it has none yet. */
export function membership(buffer: SharedArrayBuffer): Membership {
  let known = met.get(buffer);
  if (known === undefined) {
    const state = thread();
    const roster = open(buffer);
    known = state.memberships.get(roster.id) ?? enlist(state, roster);
    met.set(buffer, known);
  }
  return known;
}

/**
 * Makes this thread a member of a roster that lies in memory of another kind; the same one each time.
 *
 * @param name What to call it there.
 */
export function joinRoster(roster: SharedRoster, name: string): Membership {
  const state = thread();
  let member = state.memberships.get(roster.id);
  if (member === undefined) {
    member = enlist(state, roster);
    roster.setName(member.agent.slot, name);
  }
  return member;
}

/** Ends what `joinRoster` began: this thread counts as dead there. */
export function leaveRoster(roster: SharedRoster): void {
  const { memberships } = thread();
  const member = memberships.get(roster.id);
  if (member === undefined) return;
  memberships.delete(roster.id);
  roster.markDead(member.agent.slot, member.agent.generation);
}

/** Who this thread is in the group in which it creates objects, and what it is called there. */
export function selfAtHome(): { readonly handle: AgentHandle; readonly name: string } {
  const { roster, agent } = home();
  return { handle: { roster: roster.buffer, slot: agent.slot, generation: agent.generation }, name: roster.nameOf(agent.slot) };
}

/** Whether the thread of a seat lives. */
export function agentAlive(handle: AgentHandle): boolean {
  return open(handle.roster).alive(handle.slot, handle.generation);
}

/** How memory of each kind that is not core's own is attached in this thread. */
export function memoryKinds(): Map<string, MemoryKind> {
  return thread().memoryKinds;
}

/** Calls back whenever this thread has noticed that another is gone; returns what ends that. */
export function onRetire(chore: () => void): () => void {
  return enroll(thread().mourners, chore);
}

/** Spares a second look at the same buffer object; the same roster may come in several. */
const met = new WeakMap<SharedArrayBuffer, Membership>();

/** The rosters that this thread looked at, member of them or not: sleepers look after each slice. */
const opened = new WeakMap<SharedArrayBuffer, SharedRoster>();

function open(buffer: SharedArrayBuffer): SharedRoster {
  let roster = opened.get(buffer);
  if (roster === undefined) {
    roster = new SharedRoster(buffer);
    opened.set(buffer, roster);
  }
  return roster;
}

function enlist(state: ThreadState, roster: SharedRoster, seat: { slot: number; generation: number } = roster.claim()): Membership {
  const { news } = roster;
  let heard: number | undefined;
  const agent: Agent = {
    slot: seat.slot,
    generation: seat.generation,
    now,
    get sliceMs() {
      return roster.sliceMs;
    },
    sleepsOn(): boolean {
      // In another group than its own it does not hear that it is to leave.
      if (news === undefined || state.home?.agent !== agent) return false;
      const told = Atomics.load(news, 0);
      if (told === heard && state.checkpoints.size === 0) return true;
      heard = told;
      return false;
    },
    // Only this clock is common to all threads. Wherever it is set, and whatever a test puts in its place, this is no more than a slice.
    toCommonEnd: (slice) => slice - Math.abs(Date.now() % slice) || slice,
    checkpoint(): void {
      for (const chore of state.errands) chore();
      for (const chore of state.checkpoints) chore();
    },
    rescued: () => roster.countRescue(),
  };
  const member: Membership = { roster, agent };
  state.memberships.set(roster.id, member);
  return member;
}

/**
 * Takes a seat for a thread that is about to be started; give it to that thread, and retire it when the thread is gone.
 *
 * @param name What to call the thread where a lock's owner is shown.
 */
export function reserveAgent(name: string = ""): AgentHandle {
  const { roster, agent } = home();
  const seat = roster.claim(agent);
  roster.setName(seat.slot, name);
  return { roster: roster.buffer, ...seat };
}

/**
 * Makes this thread the agent that its spawner reserved, and the spawner's roster its home.
 *
 * @throws {TypeError} If this thread already created or attached shared objects of that group.
 */
export function adoptAgent(handle: AgentHandle): void {
  const state = thread();
  const roster = open(handle.roster);
  if (state.home !== undefined || state.memberships.has(roster.id)) {
    throw new TypeError("Cannot adopt an agent as this thread is one already: adopt before any shared object is created or attached");
  }
  state.home = enlist(state, roster, handle);
}

/** Says that the thread of a seat is gone: locks that it holds are abandoned from now on. Idempotent. */
export function retireAgent(handle: AgentHandle): void {
  open(handle.roster).markDead(handle.slot, handle.generation);
  for (const chore of thread().mourners) chore();
}

/** Asks the thread of a seat to leave; a sleeping one sees it within a slice. */
export function askToLeave(handle: AgentHandle): void {
  open(handle.roster).askToLeave(handle.slot, handle.generation);
}

/** Whether the thread of a seat was asked to leave. */
export function askedToLeave(handle: AgentHandle): boolean {
  return open(handle.roster).askedToLeave(handle.slot, handle.generation);
}

/** Runs `chore` after each slice that this thread sleeps through in a wait; returns what ends that. */
export function onCheckpoint(chore: () => void): () => void {
  return enroll(thread().checkpoints, chore);
}

/** As {@linkcode onCheckpoint}, but only needed after slices in which somebody died, or was asked to leave. */
export function onNews(chore: () => void): () => void {
  return enroll(thread().errands, chore);
}

function enroll(chores: Set<() => void>, chore: () => void): () => void {
  chores.add(chore);
  return () => chores.delete(chore);
}

import { explore, type Scenario } from "@interlock/explore";
import { expect, test } from "vitest";
import { EndWords, type Heir } from "../../src/connection/words.ts";
import { chain, passenger, passengers, seatOf, zombie } from "./journeys.ts";

/** Looks at no number of a journey: whoever was slow writes over what others did since. */
class Hasty extends EndWords {
  override follow(_: bigint, heir: Heir): boolean {
    return super.follow(super.announce(), heir);
  }
}

/** Lets a sender that was slow say who has what came long ago. */
class Meek extends EndWords {
  override claim(): void {}
}

/** Takes for granted that an end which is about to be sent arrives, and so that everything in its messages does. */
class Sanguine extends EndWords {
  constructor(...args: ConstructorParameters<typeof EndWords>) {
    super(...args);
    const { heir } = this;
    Object.assign(this, { heir: () => heir() ?? seatOf(2) });
  }
}

/** Does not say that an end is about to be sent. */
class Silent extends EndWords {
  override announce(): bigint {
    const journey = super.announce();
    this.renounce();
    return journey;
  }
}

/** Goes on reading what those send who count as dead, until it does not. */
class Careless extends EndWords {
  override release(): void {}
}

test.each<[string, Scenario]>([
  ["hasty", chain(3, { open: (...args) => new Hasty(...args) })],
  ["meek", chain(3, { open: (...args) => new Meek(...args) }, [0, 2])],
  ["sanguine", passenger({ deaths: { threads: [1], max: 1 }, open: (...args) => new Sanguine(...args) })],
  ["sanguine twice", passengers(3, { deaths: { threads: [1], max: 1 }, open: (...args) => new Sanguine(...args) })],
  ["silent", passengers(1, { open: (...args) => new Silent(...args) })],
  ["careless", zombie({ open: (...args) => new Careless(...args) })],
])("a mistake is found: %s", async (_, mistake) => {
  const { finding } = await explore(mistake, { bound: 1, pct: { schedules: 3000, seed: 1 } });
  expect(finding?.kind).toBe("assertion");
});

import type { Guard, PaceName } from "./guards.ts";
import type { Race } from "./race.ts";

const number = new Intl.NumberFormat("en", { useGrouping: true });

/** The race of the landing page. Its HTML comes from Race.astro. */
class RaceElement extends HTMLElement {
  connectedCallback(): void {
    const form = this.#find<HTMLFormElement>("form");
    form.onsubmit = (event) => {
      event.preventDefault();
      void this.#run(new FormData(form));
    };
    this.toggleAttribute("data-ready", true);
  }

  async #run(choice: FormData): Promise<void> {
    const run = this.#find<HTMLButtonElement>("button[type=submit]");
    run.disabled = true;
    this.dataset["state"] = "running";
    this.#status.textContent = "Starting ten workers …";
    const pace = choice.get("pace") as PaceName;
    try {
      const { startRace } = await import("./race.ts");
      const race = startRace(choice.get("guard") as Guard, pace);
      await this.#watch(race);
      const [got, { expected }] = [race.total(), race];
      this.dataset["state"] = got === expected ? "exact" : "lost";
      this.#status.textContent =
        got === expected
          ? `Expected ${number.format(expected)}, got ${number.format(got)}: none was lost.`
          : `Expected ${number.format(expected)}, got ${number.format(got)}: ${number.format(expected - got)} additions were lost.`;
    } catch (error) {
      this.dataset["state"] = "failed";
      this.#status.textContent = String(error);
    } finally {
      run.disabled = false;
    }
  }

  /** Draws a race in each frame until it has ended. */
  async #watch(race: Race): Promise<void> {
    let running = true;
    const frame = (): void => {
      this.#draw(race);
      if (running) requestAnimationFrame(frame);
    };
    frame();
    try {
      await race.ended;
    } finally {
      running = false;
      this.#draw(race);
    }
  }

  #draw({ made, wrote, expected, total }: Race): void {
    const sum = made.reduce((a, b) => a + b, 0);
    const each = expected / made.length;
    if (sum > 0 && sum < expected) this.#status.textContent = "Running …";
    this.#find("output[name=made]").textContent = number.format(sum);
    this.#find("output[name=total]").textContent = number.format(total());
    this.#find(".meter").style.setProperty("--made", String(sum / expected));
    this.#find(".meter").style.setProperty("--total", String(total() / expected));
    const times = new Map<number, number>();
    for (const n of wrote) times.set(n, (times.get(n) ?? 0) + 1);
    this.querySelectorAll<HTMLElement>(".lane").forEach((lane, i) => {
      const done = made[i] ?? 0;
      const cells = lane.querySelectorAll<HTMLElement>(".cell");
      cells.forEach((cell, j) => {
        const n = wrote[i * each + j];
        // In a tight loop a cell is its share of the lane.
        if (n === undefined) cell.className = done >= ((j + 1) * each) / cells.length ? "cell made" : "cell";
        else cell.className = n === 0 ? "cell" : (times.get(n) ?? 0) > 1 ? "cell twice" : "cell made";
      });
    });
  }

  get #status(): HTMLElement {
    return this.#find("[role=status]");
  }

  #find<E extends HTMLElement>(selector: string): E {
    const found = this.querySelector<E>(selector);
    if (found === null) throw new TypeError(`Cannot show the race as it has no ${selector}`);
    return found;
  }
}

customElements.define("interlock-race", RaceElement);

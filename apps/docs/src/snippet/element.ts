import type { Line } from "../runner/line.ts";
import type { Editor } from "./editor.ts";
import { type Run, run } from "./run.ts";

/** A snippet of a page: runs, stops, is edited and reset. Its HTML comes from Snippet.astro. */
class SnippetElement extends HTMLElement {
  #run: Run | undefined;
  #editor: Editor | undefined;

  connectedCallback(): void {
    this.#button("run").onclick = () => this.#start();
    this.#button("stop").onclick = () => this.#stop();
    this.#button("edit").onclick = () => void this.#edit();
    this.#button("reset").onclick = () => this.#reset();
    this.toggleAttribute("data-ready", true);
  }

  disconnectedCallback(): void {
    this.#run?.stop();
  }

  #start(): void {
    this.#run?.stop();
    this.#log.replaceChildren();
    this.#caption.textContent = "Output";
    this.#say("running");
    const { source = "", lib = "" } = this.dataset;
    this.#run = run(this.#editor?.text ?? source, new URL(lib, location.href), (line) => this.#take(line));
  }

  #take(line: Line): void {
    if (line.kind === "done") {
      this.#say("done");
      return;
    }
    const text = document.createElement("span");
    text.className = line.kind;
    text.textContent = `${line.text}\n`;
    this.#log.append(text);
    if (line.kind === "failed") this.#say("failed");
  }

  #stop(): void {
    this.#run?.stop();
    this.#say("stopped");
  }

  async #edit(): Promise<void> {
    const { source = "", name = "" } = this.dataset;
    const { openEditor } = await import("./editor.ts");
    if (this.#editor === undefined) {
      const place = this.#find(".editor");
      this.#editor = openEditor(place, source, `Program ${name}`, () => this.#start());
      this.#find(".code").toggleAttribute("hidden", true);
      place.toggleAttribute("hidden", false);
      this.#button("edit").toggleAttribute("hidden", true);
    }
    this.#editor.focus();
  }

  #reset(): void {
    this.#run?.stop();
    const { source = "", recorded = "" } = this.dataset;
    if (this.#editor !== undefined) this.#editor.text = source;
    this.#log.textContent = recorded;
    this.#caption.textContent = this.#caption.dataset["recorded"] ?? "";
    this.#say("");
  }

  /** Shows what the program is about: nothing, "running", or how it ended. */
  #say(state: string): void {
    this.dataset["state"] = state;
    this.#find("[role=status]").textContent = state;
    this.#button("stop").disabled = state !== "running";
  }

  get #log(): HTMLElement {
    return this.#find("[role=log]");
  }

  get #caption(): HTMLElement {
    return this.#find("figcaption[data-recorded]");
  }

  #button(name: string): HTMLButtonElement {
    return this.#find<HTMLButtonElement>(`button[name=${name}]`);
  }

  #find<E extends HTMLElement>(selector: string): E {
    const found = this.querySelector<E>(selector);
    if (found === null) throw new TypeError(`Cannot show a snippet as it has no ${selector}`);
    return found;
  }
}

customElements.define("interlock-snippet", SnippetElement);

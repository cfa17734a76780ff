/**
 * What a progress bar says.
 *
 * @module
 */

/** What is known of some progress. */
export interface Shown {
  readonly done: number;
  readonly failed: number;
  readonly total: number | undefined;
  readonly rate: number;
  readonly eta: number | undefined;
  readonly ended: boolean;
}

/** How it is said. */
export interface Layout {
  readonly label: string;
  /** What stands behind the rate, as in `12 pages/s`. */
  readonly unit: string;
  /** How many columns the bar takes, if there is room. */
  readonly width: number;
  /** How many columns there are for all. */
  readonly room: number;
}

/** A bar with fewer columns says nothing. */
const NARROWEST = 4;
const GAP = "  ";
const brief = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** One line, such as `pages  ██████░░░░░░   50 %   50/100  12 pages/s  4.2 s left`. */
export function textOf(shown: Shown, { label, unit, width, room }: Layout): string {
  const { done, failed, total, rate } = shown;
  const speed = rate > 0 ? `${brief.format(rate)}${unit === "" ? "" : ` ${unit}`}/s` : "";
  const errors = failed > 0 ? `${failed} failed` : "";
  const tail = [errors, speed, timeOf(shown)].filter(Boolean);
  if (total === undefined) return fit([label, String(done), ...tail], room);
  const share = total === 0 ? 1 : done / total;
  const counts = [`${Math.floor(share * 100)} %`.padStart(5), `${String(done).padStart(String(total).length)}/${total}`];
  const others = [label, ...counts, ...tail].filter(Boolean);
  const columns = Math.min(width, room - others.join(GAP).length - GAP.length);
  if (columns < NARROWEST) return fit(others, room);
  const filled = Math.floor(share * columns);
  return fit([label, "█".repeat(filled) + "░".repeat(columns - filled), ...counts, ...tail], room);
}

/** The parts, from the first on, for which there is room. */
function fit(parts: readonly string[], room: number): string {
  const [first = "", ...others] = parts.filter(Boolean);
  let text = first;
  for (const part of others) {
    if (text.length + GAP.length + part.length > room) break;
    text += GAP + part;
  }
  return text;
}

/** How long it will take, or has taken. */
function timeOf({ done, total, rate, eta, ended }: Shown): string {
  const elapsed = rate > 0 ? duration(done / rate) : "";
  if (ended) return elapsed && `${done === total ? "in" : "stopped after"} ${elapsed}`;
  return eta === undefined ? elapsed : `${duration(eta)} left`;
}

/** Seconds in words: `0.3 s`, `59 s`, `1:02`, `1:00:02`. */
function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const clock = [minutes, whole % 60].map((n) => String(n).padStart(2, "0")).join(":");
  return hours > 0 ? `${hours}:${clock}` : clock.replace(/^0/, "");
}

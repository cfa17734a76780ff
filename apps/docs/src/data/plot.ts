import { axisX, barX, plot, ruleX, ruleY, text, tickX } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { CaseReport } from "../../../../bench/report.ts";
import { measured } from "./results.ts";

const WIDTH = 640;
const ROW = 26;

/** Draws a comparison as SVG: a bar for each contender's median, a line for its quartiles. Colours are the page's. */
export function plotOf(comparison: CaseReport): string {
  const { title, unit } = comparison;
  const contenders = measured(comparison);
  const { document } = parseHTML("<html><body></body></html>");
  const order = contenders.map((one) => one.name);
  const figure = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(2) : value.toFixed(0));
  const svg = plot({
    document,
    width: WIDTH,
    height: contenders.length * ROW + 46,
    marginLeft: 190,
    marginRight: 90,
    marginBottom: 36,
    ariaLabel: title,
    x: { label: unit, zero: true, ticks: 5 },
    y: { domain: order, label: null },
    style: { background: "none", color: "currentColor", fontSize: "12px", fontFamily: "inherit" },
    marks: [
      axisX({ ticks: 5, label: unit }),
      barX(contenders, {
        y: "name",
        x: "median",
        fill: ({ name }) => (name.startsWith("interlock") ? "var(--plot-own)" : "var(--plot-other)"),
        insetTop: 3,
        insetBottom: 3,
      }),
      ruleX([0]),
      ruleY(contenders, { y: "name", x1: (one) => one.spread[0], x2: (one) => one.spread[1], stroke: "var(--plot-spread)", strokeWidth: 2 }),
      tickX(contenders, { y: "name", x: "median", stroke: "var(--plot-spread)", insetTop: 3, insetBottom: 3 }),
      text(contenders, {
        y: "name",
        x: (one) => Math.max(one.median, one.spread[1]),
        text: (one) => figure(one.median),
        textAnchor: "start",
        dx: 6,
        fill: "currentColor",
      }),
    ],
  });
  // The figure has a name. Those of its bars and ticks say nothing to who cannot see them, and groups of SVG may have none.
  for (const part of svg.querySelectorAll("g[aria-label]")) part.removeAttribute("aria-label");
  return svg.outerHTML;
}

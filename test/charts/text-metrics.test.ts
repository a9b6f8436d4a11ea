import { expect, test } from "vitest";
import { measureTextItem, textWidth, wrapText } from "../../src/charts/text-metrics.js";

test("widths are the font's advance widths", () => {
  expect(textWidth("", 12)).toBe(0);
  expect(textWidth("A", 2048)).toBe(1366);
  expect(textWidth("A", 2048, true)).toBe(1479);
  expect(textWidth("x² − 5", 2048)).toBe(1024 + 682 + 569 + 1196 + 569 + 1139);
  expect(textWidth("…—·≤∞\u00a0", 2048)).toBe(2048 + 2048 + 569 + 1124 + 1460 + 569);
});

test("unknown characters get a careful guess", () => {
  expect(textWidth("漢", 2048)).toBe(2048);
  expect(textWidth("\u0301", 2048)).toBe(0);
  expect(textWidth("א", 2048)).toBe(1366);
});

test("text is broken at spaces, and inside words only when it must", () => {
  const text = "Histograms of what each layer receives, over samples and units";
  const lines = wrapText(text, 120, 12);
  expect(lines.join(" ")).toBe(text);
  for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(120);
  for (const line of wrapText("x".repeat(500), 120, 12)) expect(textWidth(line, 12)).toBeLessThanOrEqual(120);
  expect(wrapText("", 120, 12)).toEqual([""]);
});

test("Vega's text items are measured with their size, weight and limit", () => {
  expect(measureTextItem({ fontSize: 2048 }, " A ")).toBe(1366);
  expect(measureTextItem({ fontSize: 2048, fontWeight: "bold" }, "A")).toBe(1479);
  expect(measureTextItem({ fontSize: 2048, fontWeight: 600 }, "A")).toBe(1479);
  expect(measureTextItem({ fontSize: 2048, limit: 1000 }, "A")).toBe(1000);
  expect(measureTextItem({}, null)).toBe(0);
  expect(measureTextItem({}, 7)).toBeCloseTo((1139 * 11) / 2048);
});

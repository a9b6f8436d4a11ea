/**
 * Lines of runs in one chart: Okabe and Ito's colours, each with its ink for text, and a dash to tell it without colour.
 * Those of the arms plain and bn come last.
 */
export const RUN_STYLES = [
  { color: "#009E73", ink: "#007a59", dash: [] },
  { color: "#CC79A7", ink: "#a34479", dash: [8, 3] },
  { color: "#E69F00", ink: "#8a6000", dash: [2, 2] },
  { color: "#56B4E9", ink: "#1c70a3", dash: [9, 3, 2, 3] },
  { color: "#0072B2", ink: "#00659e", dash: [12, 3] },
  { color: "#D55E00", ink: "#ad4a00", dash: [5, 2, 1, 2, 1, 2] },
] as const;

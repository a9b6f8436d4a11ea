// In place of the parts of Vega that the page does without.
export {};

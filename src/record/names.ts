/** The possible column separators, as `--delimiter` accepts them. */
export const DELIMITER_NAMES = [",", ";", "tab", "|", "space"] as const;
export type DelimiterName = (typeof DELIMITER_NAMES)[number];

/** Hex digits of a short digest. */
export const SHORT_DIGEST = 8;

/** Version of `result.json`'s layout; rises when a reader of the old one would misread the new one. */
export const SCHEMA_VERSION = 4;

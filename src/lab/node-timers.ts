/** What the package uses of `node:timers/promises`, for a worker of a browser: it has nobody to make way for. */
export async function setImmediate(): Promise<void> {}

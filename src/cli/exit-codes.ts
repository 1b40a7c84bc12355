/** Exit codes of commands that do not fail; docs/output.md is the reference. Errors have their own (`RkeError`). */
export const DONE = 0
/** The plan has changes. */
export const CHANGES = 2
/** There is no such command. */
export const UNKNOWN_COMMAND = 3
/** Done, except for user manifests that were left out. */
export const LEFT_OUT = 4

/** The exit code of a finished command; `leftOut` lists user manifests that were left out. */
export const doneBut = (leftOut: readonly string[]): number => (leftOut.length === 0 ? DONE : LEFT_OUT)

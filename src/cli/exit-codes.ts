/** Exit codes of commands that do not fail; docs/output.md is the reference. Errors have their own (`RkeError`). */
export const DONE = 0
/** A plan holds something, so that a script need not read it. */
export const CHANGES = 2
/** There is no such command. */
export const UNKNOWN_COMMAND = 3
/** Done but for manifests of the user's own, which were left out. */
export const LEFT_OUT = 4

/** The exit code of what is done, where something of the user's manifests may have been left out. */
export const doneBut = (leftOut: readonly string[]): number => (leftOut.length === 0 ? DONE : LEFT_OUT)

/** How long a stage took, and how long it may take. */
export interface StageTime {
  readonly title: string
  readonly seconds: number
  readonly limitMinutes: number
  /** Downloads and builds, which only the first run on a machine needs much time for. */
  readonly prepares?: boolean
}

/** Of all stages but those that prepare, on two cores. */
export const WARM_MINUTES = 30
/** Of all stages, from an empty cache. */
export const COLD_MINUTES = 65
/** From this part of a limit on there is a warning: another test or a slower machine may pass it. */
const NEAR = 0.8

/** Those of a whole `npm test`, with and without what prepares it. */
export function wholeTimes(times: readonly StageTime[]): readonly StageTime[] {
  const sum = (of: readonly StageTime[]): number => of.reduce((all, { seconds }) => all + seconds, 0)
  return [
    { title: 'tests', seconds: sum(times.filter((time) => !time.prepares)), limitMinutes: WARM_MINUTES },
    { title: 'together', seconds: sum(times), limitMinutes: COLD_MINUTES },
  ]
}

/** A line for each, with a warning where it is near its limit or past it. */
export function timesLines(lines: readonly StageTime[]): readonly string[] {
  const width = Math.max(...lines.map(({ title }) => title.length))
  return lines.map(
    ({ title, seconds, limitMinutes }) =>
      `${title.padEnd(width)} ${minutes(seconds).padStart(6)} of ${limitMinutes}:00${warning(seconds / 60 / limitMinutes)}`,
  )
}

function warning(share: number): string {
  if (share >= 1) return '   WARNING: over the limit'
  return share < NEAR ? '' : `   WARNING: ${Math.floor(share * 100)} % of the limit`
}

/** `4:05`. */
function minutes(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

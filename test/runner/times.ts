/** How long a stage took, and how long it may take. */
export interface StageTime {
  readonly title: string
  readonly seconds: number
  readonly limitMinutes: number
  /** Downloads and builds, which only the first run on a machine needs much time for. */
  readonly prepares?: boolean
}

/** Of all stages but those that prepare, on two cores. */
export const WARM_MINUTES = 40
/** Of all stages, from an empty cache. */
export const COLD_MINUTES = 75
/** From this part of a limit on there is a warning: another test or a slower machine may pass it. */
const NEAR = 0.8

/** A line for each stage and one for all, with a warning at each that is near or past its limit. */
export function timesLines(times: readonly StageTime[]): readonly string[] {
  const sum = (of: readonly StageTime[]): number => of.reduce((all, { seconds }) => all + seconds, 0)
  const lines = [
    ...times,
    { title: 'tests', seconds: sum(times.filter((time) => !time.prepares)), limitMinutes: WARM_MINUTES },
    { title: 'together', seconds: sum(times), limitMinutes: COLD_MINUTES },
  ]
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

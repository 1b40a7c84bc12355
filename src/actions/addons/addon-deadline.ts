/** Seconds that a Job gets at least: a first one waits for its image, and a failed one is noticed at once anyway. */
const LEAST = 120

/** Milliseconds an addon Job may take: `addon_job_timeout`, if that is not shorter than a first Job needs. */
export function addonDeadlineMs(addonJobTimeout: number): number {
  return Math.max(addonJobTimeout, LEAST) * 1000
}

import { existsSync, readFileSync } from 'node:fs'

/** How many tests went how. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

/** The line that ends a run: `12 passed, 0 failed, 1 skipped`. */
export const countsLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`

/** Good: something ran, and nothing failed. */
export const isGood = ({ passed, failed }: Counts): boolean => failed === 0 && passed > 0

/** The members of vitest's JSON report that are counted. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}

/**
 * Counts of a vitest run from its JSON report. A run that ended badly counts at least one failure, even if no
 * single test failed: a file that cannot be loaded, an error outside of tests, a run that was cut short.
 */
export function vitestCounts(reportFile: string, endedWell: boolean): Counts {
  const report = existsSync(reportFile) ? readReport(reportFile) : undefined
  const failed = report?.numFailedTests ?? 0
  return {
    passed: report?.numPassedTests ?? 0,
    failed: endedWell && report !== undefined ? failed : Math.max(failed, 1),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  }
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  } catch {
    return undefined
  }
}

import {
  CancelledError,
  type ClusterConfig,
  ConnectionError,
  type Deps,
  errorText,
  RkeError,
  RunFailedError,
  up,
} from '../../src/index.ts'

/** Runs `up` for at most so many milliseconds, and says in lines how it ended. */
export async function upWithin(
  limitMs: number,
  config: ClusterConfig,
  deps: Deps,
): Promise<readonly string[]> {
  // With `signal` running steps end by themselves, and nothing new begins; `abort` would end these, too.
  const signal = AbortSignal.timeout(limitMs)
  try {
    const { done } = await up(config, deps, { signal }).result
    return [`${done} steps are done`]
  } catch (error) {
    if (error instanceof CancelledError) return ['out of time; the next run goes on from here']
    if (error instanceof RunFailedError) return error.failures.map(lineOf)
    if (error instanceof RkeError) return [lineOf(error)]
    throw error
  }
}

function lineOf(error: RkeError): string {
  const kind = error instanceof ConnectionError ? `${error.name} (${error.kind})` : error.name
  return `${kind}: ${errorText(error)}`
}

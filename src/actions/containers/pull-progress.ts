import type { StepContext } from '../../engine/engine.ts'
import type { PullListener } from '../../node/docker/docker-api.ts'

/** Reports what a pull does as the progress of its step: bytes, and which try comes next and why. */
export function pullProgress(progress: StepContext['progress']): Required<PullListener> {
  return {
    onProgress: (done, total) => progress('pulling', { done, total }),
    onRetry: ({ attempt, tries, pauseMs, reason }) =>
      progress(`try ${attempt} of ${tries} in ${pauseMs / 1000} s: ${reason}`),
  }
}

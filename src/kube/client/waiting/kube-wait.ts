import type { Time } from '../../../time.ts'

/** Options of a wait for Kubernetes. */
export interface KubeWait {
  readonly signal?: AbortSignal | undefined
  /** Called with what is still missing. */
  readonly onProgress?: ((text: string) => void) | undefined
  /** Default: the machine's clock. */
  readonly time?: Time | undefined
}

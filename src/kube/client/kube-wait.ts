import type { Time } from '../../time.ts'

/** How something in Kubernetes is waited for. */
export interface KubeWait {
  readonly signal?: AbortSignal | undefined
  /** Called with what is still missing. */
  readonly onProgress?: ((text: string) => void) | undefined
  /** The machine's clock by default. */
  readonly time?: Time | undefined
}

/** Adds up the layers of a pull, from the messages that Docker sends about each. */
export class PullProgress {
  readonly #layers = new Map<string, { done: number; total: number }>()

  /** Notes one message; answers the bytes done and the bytes in all, as far as they are known. */
  read(message: PullMessage): { readonly done: number; readonly total: number } {
    const { id, status } = message
    if (id !== undefined) {
      const layer = this.#layers.get(id) ?? { done: 0, total: 0 }
      if (status === 'Downloading' && message.total !== undefined) {
        layer.total = message.total
        layer.done = Math.min(message.current ?? 0, layer.total)
      } else if (COMPLETE.includes(status ?? '')) layer.done = layer.total
      this.#layers.set(id, layer)
    }
    const layers = [...this.#layers.values()]
    return {
      done: layers.reduce((sum, layer) => sum + layer.done, 0),
      total: layers.reduce((sum, layer) => sum + layer.total, 0),
    }
  }
}

const COMPLETE: readonly string[] = ['Download complete', 'Verifying Checksum', 'Extracting', 'Pull complete']

/** One line of a pull's answer. */
export interface PullMessage {
  readonly id?: string
  readonly status?: string
  /** Bytes of the layer. */
  readonly current?: number
  readonly total?: number
  /** The registry's or Docker's reason why the pull failed. */
  readonly error?: string
}

export function pullMessage(value: unknown): PullMessage {
  if (typeof value !== 'object' || value === null) return {}
  const { id, status, error, progressDetail, errorDetail } = value as Record<string, unknown>
  const detail = typeof progressDetail === 'object' && progressDetail !== null ? progressDetail : {}
  const reason =
    typeof errorDetail === 'object' && errorDetail !== null ? Reflect.get(errorDetail, 'message') : error
  return {
    ...text('id', id),
    ...text('status', status),
    ...text('error', reason ?? error),
    ...number('current', Reflect.get(detail, 'current')),
    ...number('total', Reflect.get(detail, 'total')),
  }
}

function text<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { [P in K]?: string }) : {}
}

function number<K extends string>(key: K, value: unknown): { [P in K]?: number } {
  return typeof value === 'number' ? ({ [key]: value } as { [P in K]?: number }) : {}
}

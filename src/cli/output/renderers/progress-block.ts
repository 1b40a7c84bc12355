import { countText, megabytes } from '../units.ts'
import type { NodeProgress, Progress, RunningStep } from './progress-state.ts'

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

export interface BlockSize {
  readonly columns: number
  /** The maximum number of lines. */
  readonly rows: number
}

/** The block below the scrolling lines: one line for each node with steps left, and a total. Pure. */
export function progressBlock(progress: Progress, elapsedMs: number, size: BlockSize): readonly string[] {
  const spinner = SPINNER[Math.floor(elapsedMs / 100) % SPINNER.length] ?? ''
  const clock = `${Math.floor(elapsedMs / 60_000)}:${String(Math.floor(elapsedMs / 1000) % 60).padStart(2, '0')}`
  if (!progress.planned) return [truncated(`${spinner} observing the cluster  ${clock}`, size.columns)]
  const open = [...progress.nodes].filter(([, node]) => node.left > 0)
  // Busy nodes first: on a small terminal the others are only countText.
  const sorted = [...open].sort(([, a], [, b]) => Number(b.running.size > 0) - Number(a.running.size > 0))
  const room = Math.max(1, size.rows - 2)
  const shown = sorted.length > room ? new Set(sorted.slice(0, room)) : new Set(sorted)
  const width = Math.max(0, ...open.map(([name]) => name.length))
  const lines = open
    .filter((entry) => shown.has(entry))
    .map(
      ([name, node]) => `${node.running.size > 0 ? spinner : '·'} ${name.padEnd(width)}  ${nodeText(node)}`,
    )
  const hidden = open.length - lines.length
  return [
    ...lines,
    ...(hidden > 0 ? [`  and ${countText(hidden, 'more node')}`] : []),
    `  ${progress.ended}/${progress.total} steps  ${clock}`,
  ].map((line) => truncated(line, size.columns))
}

function nodeText(node: NodeProgress): string {
  const steps = [...node.running.values()]
  const pulls = steps.filter(({ bytes }) => bytes !== undefined && bytes.total > 0)
  const [first] = steps.filter((step) => !pulls.includes(step))
  const parts = [
    ...(first === undefined ? [] : [stepText(first)]),
    ...(pulls.length > 0 ? [pullText(pulls)] : []),
  ]
  if (parts.length === 0) return `waiting for other nodes (${countText(node.left, 'step')} left)`
  const more = steps.length - pulls.length - (first === undefined ? 0 : 1)
  return `${parts.join('; ')}${more > 0 ? `  +${more} more` : ''}`
}

function stepText({ step, text }: RunningStep): string {
  return text === undefined || text === '' ? step.title : `${step.title}: ${text}`
}

function pullText(pulls: readonly RunningStep[]): string {
  const sum = (pick: 'done' | 'total'): number =>
    pulls.reduce((total, { bytes }) => total + (bytes?.[pick] ?? 0), 0)
  const [only] = pulls
  const what = pulls.length === 1 && only !== undefined ? only.step.title : `pull ${pulls.length} images`
  return `${what} ${megabytes(sum('done'))}/${megabytes(sum('total'))} MB`
}

/** A line cut to the width of the terminal, so that it never wraps. */
export function truncated(line: string, columns: number): string {
  const chars = [...line.replaceAll('\n', ' ')]
  return chars.length < columns ? chars.join('') : `${chars.slice(0, Math.max(0, columns - 2)).join('')}…`
}

import type { Event, StepInfo } from '../../../engine/events.ts'
import { every, systemClock } from '../../../time.ts'
import type { Output } from '../../io.ts'
import { errorLines, failuresOf, reasonLines } from '../error-report.ts'
import type { Level } from '../log-line.ts'
import { printable } from '../redact.ts'
import { duration } from '../units.ts'
import { progressBlock } from './progress-block.ts'
import { advance, CLUSTER, noProgress } from './progress-state.ts'
import type { Renderer } from './renderer.ts'

const FRAME_MS = 100
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_BELOW = '\u001b[J'

const MARKS: Readonly<Record<string, string>> = {
  done: '\u001b[32m✔\u001b[0m',
  failed: '\u001b[31m✖\u001b[0m',
  warning: '\u001b[33m!\u001b[0m',
}

/**
 * A run on a terminal: finished steps scroll by; below them a block with the running steps of each node is redrawn at
 * most ten times a second. `clock` is the machine's own by default.
 */
export function progressRenderer(output: Output, clock = systemClock): Renderer {
  const began = clock().getTime()
  let progress = noProgress
  let scrolled: string[] = []
  let drawn = 0
  let paused = false
  let ended = false

  const draw = (): void => {
    if (paused || ended) return
    const size = { columns: output.columns || 80, rows: (output.rows || 24) - 1 }
    const block = progressBlock(progress, clock().getTime() - began, size)
    output.write(`${HIDE_CURSOR}${erased()}${scrolled.join('')}${block.map((line) => `${line}\n`).join('')}`)
    drawn = block.length
    scrolled = []
  }
  const erased = (): string => `${drawn > 0 ? `\u001b[${drawn}A\r` : ''}${CLEAR_BELOW}`
  const giveBack = (): void => {
    output.write(`${erased()}${scrolled.join('')}${SHOW_CURSOR}`)
    drawn = 0
    scrolled = []
  }
  const scroll = (text: string): void => {
    const line = `${printableLine(text)}\n`
    if (ended) output.write(line)
    else scrolled.push(line)
  }
  const stopDrawing = every(FRAME_MS, draw)

  const end = (): void => {
    if (ended) return
    stopDrawing()
    giveBack()
    ended = true
  }
  return {
    event: (event) => {
      progress = advance(progress, event)
      for (const line of lines(event)) scroll(line)
    },
    say: (level, text) => {
      if (level !== 'debug' && level !== 'trace') scroll(marked(level, text))
    },
    result: () => {},
    fatal: (error) => {
      end()
      const failures = failuresOf(error)
      const all = failures.length > 1 ? [...failures, error] : [error]
      for (const one of all) scroll(marked('error', errorLines(one).join('\n')))
    },
    pause: () => {
      giveBack()
      paused = true
      return () => {
        paused = false
      }
    },
    end,
  }
}

function lines(event: Event): readonly string[] {
  switch (event.type) {
    case 'notice':
      return event.level === 'debug' ? [] : [marked(event.level, event.text)]
    case 'planned':
    case 'started':
    case 'progress':
      return []
    case 'done':
      return [`${MARKS.done} ${named(event.step)} (${duration(event.milliseconds)})`]
    case 'failed':
      return [
        `${event.step.optional ? MARKS.warning : MARKS.failed} ${named(event.step)}: ${reasonLines(event.error).join('\n')}`,
      ]
    case 'skipped':
      return [marked('warning', `${named(event.step)}: not done, because ${event.because}`)]
  }
}

function named({ node = CLUSTER, title }: StepInfo): string {
  return `${node}  ${title}`
}

function marked(level: Level, text: string): string {
  if (level === 'warning') return `${MARKS.warning} ${text}`
  return level === 'error' || level === 'fatal' ? `${MARKS.failed} ${text}` : `  ${text}`
}

/** Keeps the program's own colours and removes other control characters. */
function printableLine(text: string): string {
  const marks = Object.values(MARKS)
  const mark = marks.find((one) => text.startsWith(one)) ?? ''
  return `${mark}${printable(text.slice(mark.length))}`
}

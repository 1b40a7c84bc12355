import type { Event, StepInfo } from '../../../engine/events.ts'
import { exitCodeOf } from '../../exit-codes.ts'
import type { Output } from '../../io.ts'
import { failuresOf, reportOf } from '../error-report.ts'
import type { Level } from '../log-line.ts'
import { printable } from '../redact.ts'
import { nothingToPause, type Renderer } from './renderer.ts'

/**
 * A run as JSON Lines on standard output; docs/output.md is the reference. `clock` gives the time of each line.
 */
export function jsonRenderer(stdout: Output, clock: () => Date): Renderer {
  const write = (type: string, fields: object): void => {
    const line = { type, time: clock().toISOString(), ...fields }
    stdout.write(
      `${JSON.stringify(line, (_, value) => (typeof value === 'string' ? printable(value) : value))}\n`,
    )
  }
  return {
    event: (event) => write(event.type, fieldsOf(event)),
    say: (level: Level, text) => write('message', { level, text }),
    result: (fields) => write('result', fields),
    fatal: (error) =>
      write('error', {
        exitCode: exitCodeOf(error),
        ...reportOf(error),
        failures: failuresOf(error).map(reportOf),
      }),
    pause: nothingToPause,
    end: () => {},
  }
}

function fieldsOf(event: Event): object {
  switch (event.type) {
    case 'notice': {
      const { level, area, text, node } = event
      return { level, area, ...(node !== undefined && { node }), text }
    }
    case 'planned':
      return { steps: event.steps.map((step) => ({ ...brief(step), ...reasonsOf(step) })) }
    case 'started':
      return { ...stepFields(event.step), ...reasonsOf(event.step) }
    case 'progress':
      return { ...stepFields(event.step), text: event.text, ...(event.bytes && { bytes: event.bytes }) }
    case 'done':
      return { ...stepFields(event.step), milliseconds: Math.round(event.milliseconds) }
    case 'failed':
      return {
        ...stepFields(event.step),
        milliseconds: Math.round(event.milliseconds),
        error: reportOf(event.error),
      }
    case 'skipped':
      return { ...stepFields(event.step), because: event.because }
  }
}

const stepFields = (step: StepInfo): object => {
  const { id, ...rest } = brief(step)
  return { step: id, ...rest }
}

const reasonsOf = ({ because, reasons }: StepInfo) => ({ because, reasons })

const brief = ({ id, kind, node, title }: StepInfo) => ({
  id,
  kind,
  ...(node !== undefined && { node }),
  title,
})

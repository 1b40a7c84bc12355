import type { Event, StepInfo } from '../../../engine/events.ts'
import { errorLine, failuresOf, reasonLine, stackOf } from '../error-report.ts'
import type { Log } from '../logger.ts'
import { prefixOf } from '../prefixes.ts'
import { countText, duration } from '../units.ts'
import { nothingToPause, type Renderer } from './renderer.ts'

/** A run as log lines with RKE's prefixes and marker phrases. */
export function textRenderer(log: Log): Renderer {
  const lastProgress = new Map<string, string>()
  return {
    event: (event) => {
      for (const [level, text] of lines(event, lastProgress)) log(level, text)
    },
    say: log,
    result: () => {},
    fatal: (error) => {
      const failures = failuresOf(error)
      if (failures.length > 1) for (const failure of failures) log('error', errorLine(failure))
      log('fatal', errorLine(error))
      for (const failure of failures) log('debug', stackOf(failure))
    },
    pause: nothingToPause,
    end: () => {},
  }
}

type Line = readonly ['debug' | 'info' | 'warning' | 'error', string]

function lines(event: Event, lastProgress: Map<string, string>): readonly Line[] {
  switch (event.type) {
    case 'notice':
      return [[event.level, event.area === '' ? event.text : `[${event.area}] ${event.text}`]]
    case 'planned':
      return [['info', `Planned ${countText(event.steps.length, 'step')}`]]
    case 'started': {
      const why = event.step.because.length > 0 ? `: ${event.step.because.join('; ')}` : ''
      return [['info', `${headline(event.step)}${why}`]]
    }
    case 'progress': {
      // Byte counts change many times a second; only a new text gets a line.
      if (lastProgress.get(event.step.id) === event.text) return []
      lastProgress.set(event.step.id, event.text)
      return [['debug', `${headline(event.step)}: ${event.text}`]]
    }
    case 'done':
      return [['info', `${headline(event.step)}: done in ${duration(event.milliseconds)}`]]
    case 'failed':
      return [
        [
          event.step.optional ? 'warning' : 'error',
          `${headline(event.step)}: failed: ${reasonLine(event.error)}`,
        ],
      ]
    case 'skipped':
      return [['warning', `${headline(event.step)}: not done, because ${event.because}`]]
  }
}

/** `[etcd] Start container [etcd] on host [10.0.0.1]`. */
function headline(step: StepInfo): string {
  const title = `${step.title.charAt(0).toUpperCase()}${step.title.slice(1)}`
  const host = step.node === undefined || title.includes(step.node) ? '' : ` on host [${step.node}]`
  return `[${prefixOf(step)}] ${title}${host}`
}

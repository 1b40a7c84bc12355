import {
  ConnectionError,
  type MovedPlan,
  PlanRefusedError,
  type RkeError,
  RunFailedError,
} from '../../errors.ts'
import { printable } from './redact.ts'

/** An error as it is printed, as text or JSON. Holds no secrets and no stack. */
export interface ErrorReport {
  /** The class, `HealthError`, which says what kind of failure it is. */
  readonly name: string
  readonly message: string
  readonly host?: string
  readonly step?: string
  readonly hint?: string
  /** What led to it, the nearest first. */
  readonly causes: readonly string[]
  /** Why an approved plan is refused. */
  readonly moved?: MovedPlan
}

const MAX_CAUSES = 3
const MAX_CAUSE_LENGTH = 300

export function reportOf(error: RkeError): ErrorReport {
  const { name, host, step, hint } = error
  return {
    name,
    message: printable(error.message),
    ...(host !== undefined && { host: printable(host) }),
    ...(step !== undefined && { step: printable(step) }),
    ...(hint !== undefined && { hint: printable(hint) }),
    causes: causesOf(error),
    ...(error instanceof PlanRefusedError && error.moved !== undefined && { moved: error.moved }),
  }
}

/** The single failures of an error. */
export function failuresOf(error: RkeError): readonly RkeError[] {
  return error instanceof RunFailedError ? error.failures.flatMap(failuresOf) : [error]
}

/** Addresses of nodes that could not be used, if that is why a run is not complete. */
export function unusableHosts(error: RkeError): readonly string[] {
  const hosts = failuresOf(error).flatMap((failure) =>
    failure instanceof ConnectionError && failure.host !== undefined ? [failure.host] : [],
  )
  return [...new Set(hosts)]
}

/** `10.0.0.1: pull image x: the registry said no (connection refused); try again`. */
export function errorLine(error: RkeError): string {
  return [...withoutMessage(error), reasonLine(error)].join(': ')
}

/** The same without host and step, for where these are said already. */
export function reasonLine(error: RkeError): string {
  const { message, causes, hint } = reportOf(error)
  return `${message}${causes.length > 0 ? ` (${causes.join(': ')})` : ''}${hint === undefined ? '' : `; ${hint}`}`
}

/** An error over several lines, for a terminal. */
export function errorLines(error: RkeError): readonly string[] {
  return [...withoutMessage(error), reasonLines(error).join('\n')].join(': ').split('\n')
}

/** The same without host and step. */
export function reasonLines(error: RkeError): readonly string[] {
  const { message, hint, causes } = reportOf(error)
  return [
    ...message.split('\n'),
    ...causes.map((cause) => `    because: ${cause}`),
    ...(hint === undefined ? [] : [`    next:    ${hint}`]),
  ]
}

/** Host and step, unless the message names them itself. */
function withoutMessage(error: RkeError): readonly string[] {
  const { host, step, message } = reportOf(error)
  return [host, step].filter((part) => part !== undefined).filter((part) => !message.includes(part))
}

function causesOf(error: RkeError): readonly string[] {
  const causes: string[] = []
  let said = error.message
  let cause = error.cause
  while (cause !== undefined && causes.length < MAX_CAUSES) {
    const text = printable(cause instanceof Error ? cause.message : String(cause)).trim()
    // Most messages end with their cause's, or as it ends; saying it again helps nobody.
    if (text !== '' && !said.includes(text) && commonEnd(error.message, text) < REPEATED)
      causes.push(shortened(text))
    said += text
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return causes
}

/** Characters at the end that two messages share if one repeats the other's reason. */
const REPEATED = 20

function commonEnd(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length += 1
  return length
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ')
  return line.length > MAX_CAUSE_LENGTH ? `${line.slice(0, MAX_CAUSE_LENGTH)}…` : line
}

/** Stack traces, for `--debug` alone. */
export function stackOf(error: RkeError): string {
  const stacks: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) stacks.push(at.stack ?? at.message)
  return printable(stacks.join('\ncaused by '))
}

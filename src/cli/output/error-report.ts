import {
  ConnectionError,
  errorText,
  hintText,
  type MovedPlan,
  PlanRefusedError,
  RkeError,
  RunFailedError,
} from '../../errors.ts'
import { failureText } from '../../failure-text.ts'
import { printable } from './redact.ts'

/** An error as it is printed, as text or JSON. Holds no secrets and no stack. */
export interface ErrorReport {
  /** The class, `HealthError`, which says what kind of failure it is. */
  readonly name: string
  readonly message: string
  readonly host?: string
  readonly step?: string
  readonly hint?: string
  /** The reasons in the message, each by itself, the nearest first. */
  readonly causes: readonly string[]
  /** Why an approved plan is refused. */
  readonly moved?: MovedPlan
}

const MAX_LENGTH = 600

export function reportOf(error: RkeError): ErrorReport {
  const { name, host, step } = error
  const hint = hintText(error)
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

/** `10.0.0.1: pull image x: the registry said no: connection refused; try again`. */
export const errorLine = (error: RkeError): string => printable(errorText(error))

/** The same without host and step, for where these are printed already. */
export function reasonLine(error: RkeError): string {
  const { message, hint } = reportOf(error)
  return hint === undefined ? message : `${message}; ${hint}`
}

/** An error over several lines, for a terminal. */
export function errorLines(error: RkeError): readonly string[] {
  const place = [error.host, error.step].filter((part) => part !== undefined).map(printable)
  return [...place, reasonLines(error).join('\n')].join(': ').split('\n')
}

/** The same without host and step. */
export function reasonLines(error: RkeError): readonly string[] {
  const { hint, causes } = reportOf(error)
  return [
    ...printable(error.what || error.message).split('\n'),
    ...(error.what === '' ? [] : causes.map((cause) => `    because: ${cause}`)),
    ...(hint === undefined ? [] : [`    next:    ${hint}`]),
  ]
}

/** The reasons in an error's message, the nearest first. */
function causesOf(error: RkeError): readonly string[] {
  const { why, cause } = error
  if (why === '' || (why === undefined && cause === undefined)) return []
  if (why !== undefined) return [shortened(why)]
  if (!(cause instanceof RkeError)) return [shortened(failureText(cause))]
  return [shortened(cause.what), ...causesOf(cause)].filter((text) => text !== '')
}

function shortened(text: string): string {
  const line = printable(text)
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line
}

/** Stack traces, for `--debug` alone. */
export function stackOf(error: RkeError): string {
  const stacks: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) stacks.push(at.stack ?? at.message)
  return printable(stacks.join('\ncaused by '))
}

import type { ClusterConfig } from '../../config/cluster-config.ts'
import { redactor } from '../../config/secrets/redactor.ts'
import { type ConfigParts, hasPlaceholders, resolveAndList } from '../../config/secrets/resolve-secrets.ts'
import { secretForms, secretValues } from '../../config/secrets/secret-values.ts'
import type { Emit, Event, StepInfo } from '../../engine/events.ts'
import { type Run, startRun } from '../../engine/run.ts'
import { ConfigError } from '../../errors.ts'
import type { Deps, RunOptions } from '../deps.ts'

type Hide = (text: string) => string

/**
 * The configuration with its secrets filled in, all of them or those of some parts. From then on they are redacted in
 * all events of the run.
 * @throws ConfigError if one cannot be read.
 */
export type FillSecrets = (config: ClusterConfig, parts?: ConfigParts) => Promise<ClusterConfig>

/** What the work of a run is handed. */
export interface RunScope {
  readonly emit: Emit
  readonly fill: FillSecrets
  /** A text without the secrets known so far. */
  readonly hide: Hide
}

/** What every step of an operation is handed. */
export interface Operation extends RunScope {
  readonly deps: Deps
  readonly options: RunOptions
}

/** Starts a run that knows the secrets of its configuration, and the key of a CA that it is given, and takes them out of its events and its failure. */
export function startRedactedRun<T>(
  { secrets, time }: Pick<Deps, 'secrets' | 'time'>,
  { abort, authority }: Pick<RunOptions, 'abort' | 'authority'>,
  work: (scope: RunScope) => Promise<T>,
): Run<T> {
  const body = async (send: Emit): Promise<T> => {
    const key = authority?.key?.text.reveal()
    const known = new Set(secretForms(key === undefined ? [] : [key]))
    let hideKnown: Hide | undefined
    const hide: Hide = (text) => {
      hideKnown ??= redactor([...known].sort((a, b) => b.length - a.length))
      return hideKnown(text)
    }
    const fill: FillSecrets = async (config, parts) => {
      if (secrets === undefined && hasPlaceholders(config, parts)) throw withoutSources()
      const filled =
        secrets === undefined ? { config, secrets: [] } : await resolveAndList(config, secrets, parts)
      for (const form of [...secretValues(filled.config), ...secretForms(filled.secrets)]) known.add(form)
      hideKnown = undefined
      return filled.config
    }
    try {
      return await work({ emit: (event) => send(eventWithoutSecrets(event, hide)), fill, hide })
    } catch (thrown) {
      hideInError(thrown, hide)
      throw thrown
    }
  }
  return startRun(body, { abort, time })
}

function withoutSources(): ConfigError {
  return new ConfigError(
    'the configuration refers to values outside of it, and nothing says where they are',
    {
      step: 'get secrets',
      hint: 'hand the operation `secrets`',
    },
  )
}

/** A step as it may be shown. Its id stays: it holds names and addresses, and others refer to it. */
export const stepWithoutSecrets = (step: StepInfo, hide: Hide): StepInfo => ({
  ...step,
  title: hide(step.title),
  because: step.because.map(hide),
  reasons: step.reasons.map((reason) => hideInData(reason, hide)),
})

/** The same data; its texts without secrets. */
function hideInData<T>(data: T, hide: Hide): T {
  const hidden = (value: unknown): unknown => {
    if (typeof value === 'string') return hide(value)
    if (Array.isArray(value)) return value.map(hidden)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]))
  }
  return hidden(data) as T
}

function eventWithoutSecrets(event: Event, hide: Hide): Event {
  switch (event.type) {
    case 'notice':
      return { ...event, text: hide(event.text) }
    case 'planned':
      return { ...event, steps: event.steps.map((step) => stepWithoutSecrets(step, hide)) }
    case 'started':
    case 'done':
      return { ...event, step: stepWithoutSecrets(event.step, hide) }
    case 'progress':
      return { ...event, step: stepWithoutSecrets(event.step, hide), text: hide(event.text) }
    case 'failed':
      hideInError(event.error, hide)
      return { ...event, step: stepWithoutSecrets(event.step, hide) }
    case 'skipped':
      return { ...event, step: stepWithoutSecrets(event.step, hide), because: hide(event.because) }
  }
}

/**
 * Takes secrets out of an error itself, so that it stays what it is: out of its texts, its causes, the failures it stands
 * for, and what it quotes.
 */
function hideInError(thrown: unknown, hide: Hide, seen = new Set<unknown>()): void {
  if (!holdsTexts(thrown) || seen.has(thrown)) return
  seen.add(thrown)
  for (const key of Object.getOwnPropertyNames(thrown)) {
    const value: unknown = Reflect.get(thrown, key)
    if (typeof value === 'string') Reflect.set(thrown, key, hide(value))
    else hideInError(value, hide, seen)
  }
}

function holdsTexts(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return value instanceof Error || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}

import type { S3Client } from '@aws-sdk/client-s3'
import { CancelledError, S3Error, type S3Failure } from '../errors.ts'
import { unlessAborted } from '../node/transport/unless-aborted.ts'
import { seconds } from '../poll.ts'
import { realTime, type Time } from '../time.ts'
import type { Asked } from './asked.ts'
import type { BucketAccess, BucketPlace } from './bucket.ts'
import { s3Failure } from './failures.ts'

/** For one try of a request with all of its answer; none of them is large. */
const LIMIT_MS = 60_000
/** After which a slow answer is reported. */
const PATIENCE_MS = 5_000
const FIRST_PAUSE_MS = 1_000
const TRIES = 5
/** What can be another way a moment later. */
const PASSING: ReadonlySet<S3Failure> = new Set(['busy', 'cut'])

export interface RequestsOf {
  readonly place: BucketPlace
  readonly access: BucketAccess
  /** As people read it. */
  readonly endpoint: string
  readonly region: string
  readonly clock: () => Date
}

/** What is asked, for errors. */
export interface Question {
  /** `list bucket backups of s3.example.net`. */
  readonly step: string
  /** The key of the object that is asked for, if it is one. */
  readonly object?: string
}

/** One request, as the SDK sends it. */
export type Send<T> = (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>

/** Requests to one bucket: each has a limit, is reported when it is slow, and tried again when the cause can pass. */
export class Requests {
  /** `bucket backups of s3.example.net`. */
  readonly what: string
  readonly #client: S3Client
  readonly #of: RequestsOf
  readonly #time: Time

  constructor(client: S3Client, of: RequestsOf) {
    this.#client = client
    this.#of = of
    this.#time = of.access.time ?? realTime
    this.what = `bucket ${of.place.bucket} of ${of.endpoint}`
  }

  /** @throws S3Error, or a `CancelledError` if the signal was aborted. */
  async send<T>(question: Question, signal: AbortSignal, send: Send<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const outcome = await this.#try(question, signal, send)
      if ('value' in outcome) return outcome.value
      const { failure } = outcome
      if (tries === TRIES || !PASSING.has(failure.kind)) throw failure
      const pause = FIRST_PAUSE_MS * 2 ** (tries - 1)
      this.#say(`${failure.what}; trying again in ${seconds(pause)} (${tries + 1} of ${TRIES})`)
      await this.#time.pause(pause, signal).catch((cause: unknown) => {
        throw stopped(question.step, cause)
      })
    }
  }

  async #try<T>(
    question: Question,
    signal: AbortSignal,
    send: Send<T>,
  ): Promise<{ readonly value: T } | { readonly failure: S3Error }> {
    const { step } = question
    const sent = this.#of.clock()
    const limit = this.#time.limit(LIMIT_MS)
    const done = new AbortController()
    const either = AbortSignal.any([signal, limit])
    this.#reportSlow(step, AbortSignal.any([either, done.signal]))
    try {
      const reply = send(this.#client, { abortSignal: either })
      return { value: await unlessAborted(reply, either, () => new Error('aborted')) }
    } catch (thrown) {
      if (signal.aborted) throw stopped(step, thrown)
      const asked = this.#asked(question, sent)
      return { failure: limit.aborted ? this.#late(asked) : s3Failure(thrown, asked) }
    } finally {
      done.abort()
    }
  }

  #reportSlow(step: string, over: AbortSignal): void {
    this.#time.pause(PATIENCE_MS, over).then(
      () => this.#say(`still waiting: ${step}`),
      () => {},
    )
  }

  #late({ endpoint, host, step }: Asked): S3Error {
    return new S3Error('timed-out', `${endpoint} gave no whole answer within ${seconds(LIMIT_MS)}`, {
      why: '',
      step,
      hint: 'check the load of the service, and the way to it',
      ...(host !== undefined && { host }),
    })
  }

  #asked(question: Question, sent: Date): Asked {
    const { access, endpoint, place, region } = this.#of
    const keys = place.keys?.reveal()
    return {
      ...question,
      bucket: place.bucket,
      endpoint,
      region,
      host: access.through?.address,
      hidden: keys === undefined ? [] : [keys.accessKey, keys.secretKey],
      hasOwnCa: Boolean(place.customCa),
      sent,
    }
  }

  #say(text: string): void {
    this.#of.access.onProgress?.(text)
  }
}

const stopped = (step: string, cause: unknown): CancelledError =>
  new CancelledError('stopped', { step, cause })

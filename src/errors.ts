import { failureText } from './failure-text.ts'

/** Details of an error besides its message. */
export interface ErrorDetails {
  /** The node's address, as written in cluster.yml. */
  readonly host?: string
  /** The step that failed: `pull image rancher/hyperkube:v1.31.1`. */
  readonly step?: string
  /** The next step for the user. */
  readonly hint?: string
  /** The key of cluster.yml that is the cause, in the state file's spelling: `['nodes', 0, 'sshKeyPath']`. */
  readonly key?: readonly (string | number)[]
  readonly cause?: unknown
  /** Nothing was changed, on no machine and in no file; part of the hint. */
  readonly untouched?: boolean
  /** Why, in words, where the cause's own text is not for people; '' where the message says it. */
  readonly why?: string
}

/**
 * Every failure this program reports. `what` says what failed, without place and reason; the message is `what` and why:
 * the cause's text, or `why`. `host`, `step` and `hint` say where and what to do next; `errorText` puts all together.
 */
export class RkeError extends Error {
  readonly what: string
  readonly why: string | undefined
  readonly host: string | undefined
  readonly step: string | undefined
  readonly hint: string | undefined
  readonly untouched: boolean
  readonly key: ErrorDetails['key']

  constructor(what: string, details: ErrorDetails = {}) {
    const reason = details.why ?? reasonOf(details)
    const message = [what, reason].filter((part) => part !== '').join(': ')
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.what = what
    this.why = details.why
    this.name = new.target.name
    this.host = details.host
    this.step = details.step
    this.hint = details.hint
    this.untouched = details.untouched ?? false
    this.key = details.key
  }
}

/** cluster.yml (or a flag) is wrong. The message names file, line and key. */
export class ConfigError extends RkeError {}
/** The command line is wrong. */
export class UsageError extends ConfigError {}
/** The version catalogue has no answer: unknown Kubernetes version, missing image. */
export class CatalogError extends RkeError {}
/** A certificate or key cannot be read or created. */
export class PkiError extends RkeError {}
/** cluster.rkestate cannot be read, is damaged, or is missing for a running cluster. */
export class StateError extends RkeError {}
/** Another run holds the lock. */
export class LockError extends RkeError {}
/** The Docker daemon refused or failed a request. */
export class DockerError extends RkeError {}
/** An image could not be pulled. */
export class ImagePullError extends DockerError {}
/** A component did not become healthy. */
export class HealthError extends RkeError {}
/** A snapshot is not there, is damaged, or cannot be saved or restored. */
export class SnapshotError extends RkeError {}
/** An etcd request failed. */
export class EtcdError extends RkeError {}
/** A Kubernetes API request failed. */
export class KubeError extends RkeError {}
/** An addon's Job failed. */
export class AddonError extends RkeError {}
/** The plan would do something dangerous, or the cluster has changed since it was made. */
export class PlanRefusedError extends RkeError {
  /** How what is to be done differs from an approved plan; `undefined` if that is not why. */
  readonly moved: MovedPlan | undefined

  constructor(message: string, details: ErrorDetails = {}, moved?: MovedPlan) {
    super(message, details)
    this.moved = moved
  }
}

/** What has changed since a plan was approved, and how the plan would be another one now. */
export interface MovedPlan {
  /** Another version of this program made the plan. */
  readonly program: boolean
  /** It was made for another cluster. */
  readonly cluster: boolean
  /** cluster.yml has changed. */
  readonly configuration: boolean
  /** What cluster.yml refers to has changed: a secret, an add-on's file, or a certificate of the user's own. */
  readonly sources: boolean
  /** The state has changed: another run has been there. */
  readonly state: boolean
  /** Addresses of nodes that have changed; empty if one of the others is the cause. */
  readonly nodes: readonly string[]
  readonly added: readonly MovedStep[]
  readonly gone: readonly MovedStep[]
  readonly different: readonly MovedStep[]
}

/** A step of a plan, for people. */
export interface MovedStep {
  readonly id: string
  readonly kind: string
  readonly node?: string
  readonly title: string
  readonly because: readonly string[]
}
/** A wait took longer than its deadline. */
export class DeadlineError extends RkeError {}
/** The run was stopped by the user. */
export class CancelledError extends RkeError {
  /** What it was stopped by is no reason for people. */
  constructor(what: string, details: ErrorDetails = {}) {
    super(what, { why: '', ...details })
  }
}
/** Several failures of one run, each a complete error. */
export class RunFailedError extends RkeError {
  readonly failures: readonly RkeError[]

  constructor(message: string, failures: readonly RkeError[], details: ErrorDetails = {}) {
    super(message, details)
    this.failures = failures
  }
}

/** Why a node cannot be used: one kind per cause that is fixed in a different way. */
export type ConnectionFailure =
  | 'name-not-resolved'
  | 'refused'
  | 'timed-out'
  | 'handshake'
  | 'authentication'
  | 'key-unreadable'
  /** The key is encrypted, and no passphrase was given. */
  | 'key-locked'
  | 'forwarding-forbidden'
  | 'docker-permission'
  | 'docker-missing'
  | 'docker-too-old'
  | 'closed'
  | 'other'

/** A node cannot be reached or used. */
export class ConnectionError extends RkeError {
  readonly kind: ConnectionFailure

  constructor(kind: ConnectionFailure, message: string, details: ErrorDetails = {}) {
    super(message, details)
    this.kind = kind
  }
}

/** Why a bucket cannot be used: one kind for each cause that is fixed in a different way. */
export type S3Failure =
  /** The endpoint is not `host[:port]`. */
  | 'endpoint'
  /** No connection to the endpoint, or to the proxy before it, from the machine that was asked for it. */
  | 'unreachable'
  /** The endpoint's certificate is not trusted, or is for another name. */
  | 'certificate'
  /** Something else than S3 answers. */
  | 'not-s3'
  /** The access key is unknown. */
  | 'access-key'
  /** The secret key does not belong to the access key. */
  | 'secret-key'
  /** There are no keys, and the machine has no role. */
  | 'no-role'
  | 'no-bucket'
  | 'no-object'
  /** The keys are good, but may not do this. */
  | 'forbidden'
  | 'region'
  /** The clock of this machine, by which requests are signed, differs too much from the server's. */
  | 'clock'
  /** Nothing has come for too long. */
  | 'timed-out'
  /** The server was busy at every try. */
  | 'busy'
  /** The connection broke at every try. */
  | 'cut'
  | 'other'

export interface S3ErrorDetails extends ErrorDetails {
  /** The region that the bucket is in, where the answer says it. */
  readonly region?: string | undefined
}

/** A request to a bucket failed. `host` is the node that it was made through; without it, this machine. */
export class S3Error extends RkeError {
  readonly kind: S3Failure
  readonly region: string | undefined

  constructor(kind: S3Failure, message: string, details: S3ErrorDetails = {}) {
    super(message, details)
    this.kind = kind
    this.region = details.region
  }
}

/** Any thrown value as an `RkeError`, with details filled in where it has none. */
export function toRkeError(thrown: unknown, details: ErrorDetails = {}): RkeError {
  if (!(thrown instanceof RkeError))
    return new RkeError(failureText(thrown), { cause: thrown, why: '', ...details })
  return isPlaced(thrown, details) ? thrown : withDetails(thrown, details)
}

/** The same error with other details in the place of its own. */
export function withDetails(error: RkeError, details: ErrorDetails): RkeError {
  const placed = new RkeError(error.what, { ...present(error), ...details })
  // What a class has besides, such as the failures of a run or the status of a reply, comes along with the class.
  const fields = { ...placed, name: error.name }
  Object.setPrototypeOf(placed, Object.getPrototypeOf(error))
  return Object.assign(placed, error, fields)
}

/** The whole error in one line: `10.0.0.1: pull image x: the registry said no; try again`. */
export function errorText(error: RkeError): string {
  const { host, step, message } = error
  const hint = hintText(error)
  const text = [host, step, message].filter((part) => part !== undefined && part !== '').join(': ')
  return hint === undefined ? text : `${text}; ${hint}`
}

/** What to do next, after the word that nothing was changed, where that is so. */
export function hintText({ hint, untouched }: RkeError): string | undefined {
  if (!untouched) return hint
  return hint === undefined ? NOTHING_CHANGED : `${NOTHING_CHANGED}; ${hint}`
}

const NOTHING_CHANGED = 'nothing was changed'

/** The cause's text, with the host where that is another one. */
function reasonOf({ cause, host }: ErrorDetails): string {
  if (cause === undefined) return ''
  if (!(cause instanceof RkeError)) return failureText(cause)
  return cause.host === undefined || cause.host === host ? cause.message : `${cause.host}: ${cause.message}`
}

/** Whether it says already where it happened, as far as that is known. */
const isPlaced = (error: RkeError, { host, key }: ErrorDetails): boolean =>
  (error.host ?? host) === error.host && (error.key ?? key) === error.key

function present(error: RkeError): ErrorDetails {
  const details = ['host', 'step', 'hint', 'untouched', 'key', 'cause', 'why'] as const
  return Object.fromEntries(
    details.flatMap((name) => (error[name] === undefined ? [] : [[name, error[name]]])),
  )
}

import {
  AddonError,
  CancelledError,
  CatalogError,
  ConfigError,
  ConnectionError,
  DeadlineError,
  DockerError,
  EtcdError,
  HealthError,
  KubeError,
  LockError,
  PkiError,
  PlanRefusedError,
  type RkeError,
  RunFailedError,
  S3Error,
  SnapshotError,
  StateError,
  UsageError,
} from '../errors.ts'

export const DONE = 0
/** It failed, and the failure is of no class of its own; or what was checked has errors: a cluster file, certificates. */
export const FAILED = 1
/** The plan has changes. */
export const CHANGES = 2
/** A certificate ends soon. */
export const ENDS_SOON = 2
/** There is no such command. */
export const UNKNOWN_COMMAND = 3
/** Done, except for user manifests that were left out. */
export const LEFT_OUT = 4

type ErrorClass = abstract new (...args: never[]) => RkeError

/** The exit code of a command that fails with an error of one of these classes; the first entry that fits counts. */
export const FAILURES: readonly { readonly code: number; readonly of: readonly ErrorClass[] }[] = [
  { code: FAILED, of: [UsageError] },
  { code: 10, of: [ConfigError, CatalogError] },
  { code: 11, of: [ConnectionError] },
  { code: 12, of: [DockerError, HealthError] },
  { code: 13, of: [EtcdError] },
  { code: 14, of: [KubeError, AddonError] },
  { code: 15, of: [PlanRefusedError] },
  { code: 16, of: [StateError] },
  { code: 17, of: [LockError] },
  { code: 18, of: [PkiError] },
  { code: 19, of: [DeadlineError] },
  { code: 20, of: [SnapshotError, S3Error] },
  { code: 130, of: [CancelledError] },
]

/** The exit code of a finished command; `leftOut` lists user manifests that were left out. */
export const doneBut = (leftOut: readonly string[]): number => (leftOut.length === 0 ? DONE : LEFT_OUT)

/** The exit code of a command that fails with this error; of several failures the one that all of them have. */
export function exitCodeOf(error: RkeError): number {
  if (error instanceof RunFailedError) {
    const [first, ...others] = new Set(error.failures.map(exitCodeOf))
    return others.length === 0 ? (first ?? FAILED) : FAILED
  }
  return FAILURES.find(({ of }) => of.some((Class) => error instanceof Class))?.code ?? FAILED
}

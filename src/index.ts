/**
 * The library: the operations and their inputs. Loading it loads neither the Kubernetes nor the Docker client; a run
 * loads them on demand.
 */
export type { Catalog } from './catalog/catalog.ts'
export { openCatalog } from './catalog/open-catalog.ts'
export { type CheckedConfig, checkConfig } from './config/check-config.ts'
export type { ClusterConfig } from './config/cluster-config.ts'
export { loadConfig } from './config/load-config.ts'
export type { SecretSources } from './config/secrets/resolve-secrets.ts'
export type { Problem } from './config/yaml/problems.ts'
export type { StoredValues } from './encryption-mark.ts'
export type { Event, StepInfo } from './engine/events.ts'
export type { Run } from './engine/run.ts'
export * from './errors.ts'
export type {
  BastionSpec,
  DialTarget,
  Link,
  LinkClosed,
  NodeSpec,
  TransportFactory,
} from './node/transport/link.ts'
export { type SshTransportOptions, sshTransports } from './node/transport/ssh-transport.ts'
export {
  type CertificateReport,
  type CheckCertificatesOptions,
  checkCertificates,
} from './operations/certificates/check-certificates.ts'
export {
  type AuthoritiesRotated,
  type RotateAuthoritiesOptions,
  rotateAuthorities,
} from './operations/certificates/rotate-authorities.ts'
export {
  type RotateOptions,
  rotateCertificates,
} from './operations/certificates/rotate-certificates.ts'
export { signingFiles } from './operations/generate-csr.ts'
export { getKubeconfig, type KubeconfigResult } from './operations/get-kubeconfig.ts'
export { type InitResult, initState } from './operations/init-state.ts'
export { plan } from './operations/plan.ts'
export { type RecoverResult, recoverState } from './operations/recovery/recover-state.ts'
export { type RemoveOptions, remove } from './operations/remove.ts'
export type { PlanResult, RemoveResult, UpResult } from './operations/results.ts'
export {
  type RotateEncryptionKeyOptions,
  type RotateEncryptionKeyResult,
  rotateEncryptionKey,
} from './operations/rotate-encryption-key.ts'
export { serverVersion } from './operations/server-version.ts'
export { type AbortOptions, type AbortResult, abortRestore } from './operations/snapshots/abort-restore.ts'
export {
  type ListSnapshotsOptions,
  listSnapshots,
  type VerifySnapshotOptions,
  verifySnapshot,
} from './operations/snapshots/list-snapshots.ts'
export {
  type RecoverQuorumOptions,
  type RecoverQuorumResult,
  recoverQuorum,
} from './operations/snapshots/recover-quorum.ts'
export { type RemoveSnapshotsOptions, removeSnapshots } from './operations/snapshots/remove-snapshots.ts'
export {
  type RestoreOptions,
  type RestoreResult,
  restoreSnapshot,
} from './operations/snapshots/restore-snapshot.ts'
export type { SaveOptions, SaveResult, SnapshotCopy } from './operations/snapshots/save-results.ts'
export { saveSnapshot } from './operations/snapshots/save-snapshot.ts'
export type { SnapshotInfo, SnapshotList } from './operations/snapshots/snapshot-results.ts'
export { type UpOptions, up } from './operations/up.ts'
export { validate } from './operations/validate.ts'
export type {
  CertificateCheck,
  CertificateProblem,
  CheckedCertificate,
  ServedAt,
} from './pki/check/certificate-check.ts'
export type { KeySource } from './pki/encoding/keys.ts'
export type { AuthorityFiles } from './pki/own/own-authority.ts'
export type { Action } from './plan/action.ts'
export type { ApprovedPlan, ApprovedStep, PlannedOptions, PlanOrigin } from './plan/approval/approved-plan.ts'
export type { Plan } from './plan/model/plan.ts'
export type { Reason } from './plan/model/reason.ts'
export { reasonText } from './reason-text.ts'
export { Secret } from './secret.ts'
export { parsePlan, serialisePlan } from './session/approval/plan-file.ts'
export type { FormerCertificate, Rotation } from './session/certificates/rotate.ts'
export type { EcrLogin } from './session/connect/registry-logins.ts'
export type { Deps, RunOptions, SnapshotRunOptions } from './session/deps.ts'
export type { SavedSnapshot } from './snapshots/saved-snapshot.ts'
export type { ClusterState } from './state/cluster-state.ts'
export { FileStateStore } from './state/file-state-store.ts'
export { MemoryStateStore } from './state/memory-state-store.ts'
export type { Lock, StateStore } from './state/state-store.ts'

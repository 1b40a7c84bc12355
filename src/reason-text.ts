import type { Reason } from './plan/model/reason.ts'

type Kind = Reason['kind']
type ReasonOf<K extends Kind> = Extract<Reason, { readonly kind: K }>
type Words<K extends Kind> = string | ((reason: ReasonOf<K>) => string)

/** A reason in words, on one line: `image v1.30.4 → v1.31.1`. */
export function reasonText(reason: Reason): string {
  const words: Words<never> = WORDS[reason.kind]
  return typeof words === 'string' ? words : words(reason as never)
}

/** More objects than these are only counted. */
const MOST_OBJECTS = 5

function someOf(names: readonly string[]): string {
  const more = names.length > MOST_OBJECTS ? ` and ${names.length - MOST_OBJECTS} more` : ''
  return `${names.slice(0, MOST_OBJECTS).join(', ')}${more}`
}

/** More files than these are only counted: those of a new node. */
const MOST_FILES = 5

const WORDS: { readonly [K in Kind]: Words<K> } = {
  'asked-for': 'requested',
  'state-in-archive': 'the archive holds the state, for whoever restores it',
  'saved-in-this-run': 'it was saved in this run',
  'left-by-failed-save': 'left by a save that failed; they hold keys of the cluster',
  'left-by-killed-restore':
    'left by a restore that was killed before it changed anything; it holds the database of a snapshot',
  'new-cluster': 'new cluster',
  'new-node': 'new node',
  'new-nodes': ({ nodes }) => `new: ${nodes.join(', ')}`,
  'api-does-not-answer': 'the Kubernetes API does not answer',
  'cluster-is-removed': 'the cluster is removed',

  'snapshot-restored': 'a snapshot is restored',
  'restore-aborted': 'the restore is aborted',
  'way-back': 'until the restored cluster works, --abort puts it back',
  'cluster-works-again': 'the restored cluster works',
  'held-by-former-cluster': 'those of the snapshot hold it, and nobody else takes it until it expires',
  'may-be-cordoned': 'the snapshot may be of a moment at which a run had cordoned it',
  'not-restored': 'a restore left it out, and it still has what came before',
  'former-node': 'the local state names it, and cluster.yml does not',
  'not-in-cluster-yml': 'the snapshot may have nodes that cluster.yml does not name',

  'ca-changes': 'the CA is being rotated',
  'started-with-old-ca': ({ pods }) =>
    `${pods === 1 ? 'one of its pods' : `${pods} of its pods`} started when only the old CA was trusted`,
  'tokens-of-old-key': ({ secrets }) => `signed with the key that goes: ${someOf(secrets)}`,

  image: ({ from, to }) => `image ${from} → ${to}`,
  user: ({ from, to }) => `user ${from} → ${to}`,
  environment: ({ name }) => `environment variable ${name}`,
  'setting-changed': ({ setting, name, from, to }) =>
    `${setting} ${name}: ${from || '(empty)'} → ${to || '(empty)'}`,
  'setting-added': ({ setting, entry }) => `${setting} ${entry} added`,
  'setting-dropped': ({ setting, entry }) => `${setting} ${entry} dropped`,
  'container-missing': 'container is missing',
  'container-never-started': 'container was never started',
  'container-stopped': ({ status, exitCode }) => `container is ${status} (exit code ${exitCode})`,
  'replacement-interrupted': 'a replacement was interrupted',
  'left-by-interrupted-replacement': 'left by an interrupted replacement',
  'left-by-interrupted-run': 'left by an interrupted run',
  'not-wanted': 'not wanted on this node',
  'snapshots-disabled': differsFromRke('backup_config.enabled is false'),
  'snapshots-impossible': ({ asks }) => differsFromRke(asks),
  'snapshot-named': ({ snapshot }) => `${snapshot}: requested`,
  'snapshot-old': ({ snapshot, taken, limitMs }) =>
    `${snapshot}, of ${taken}: older than ${ageText(limitMs)}`,
  'snapshot-surplus': ({ snapshot, taken, keep }) =>
    `${snapshot}, of ${taken}: older than the newest ${keep}`,
  'started-in-this-run': 'it was started in this run',
  'restarted-in-this-run': 'it was restarted in this run',
  'crash-loop': 'it is in a crash loop',
  'peer-stops': 'that of another node is about to stop',
  'certificates-changed': ({ names }) =>
    `${names.length === 1 ? 'certificate' : 'certificates'} ${names.join(', ')} changed`,
  'certificates-renewed': ({ names }) =>
    `${names.length === 1 ? 'certificate' : 'certificates'} ${names.join(', ')} renewed: the end is near or past`,
  'image-missing': 'not on the node',
  'images-missing': ({ images }) => `not on the machine: ${images.join(', ')}`,
  'selinux-labels': 'Docker labels containers for SELinux',

  files: ({ state, paths }) => aboutFiles(state, paths),
  mode: ({ from, to, paths }) => aboutFiles(`mode ${from} → ${to}`, paths),
  owner: ({ from, to, paths }) => aboutFiles(`owner ${from} → ${to}`, paths),
  'encryption-file-was': ({ state }) => `encryption.yaml was ${state}`,

  label: ({ key, value }) => keyText('label', key, value),
  annotation: ({ key, value }) => keyText('annotation', key, value),
  'taint-added': ({ taint }) => `taint ${taint} added`,
  'taint-removed': ({ taint }) => `taint ${taint} removed`,
  'not-registered': 'not registered in Kubernetes',
  'components-replaced': 'its components are replaced',
  'left-cordoned': 'an interrupted run left it cordoned',
  'drain-configured': 'upgrade_strategy.drain',
  'kubelet-started': 'its kubelet was started',
  'takes-pods-of-others': 'it is new, and takes pods of others',
  'loses-worker-role': 'it loses the worker role',
  'lost-worker-role': 'it has lost the worker role',
  'node-leaves': 'it is not in cluster.yml any more',

  'new-etcd-node': 'new etcd node',
  'member-without-vote': 'a new member has no vote until it has the data',
  'member-vote-unknown': 'it joined, and etcd does not say yet whether it has its vote',
  'member-wiped': 'the machine was wiped, and the member with it',
  'member-removed': 'a removed member can never use its data again',
  'member-leaves': 'the node leaves',
  'loses-etcd-role': 'the node is no etcd node any more',
  'member-counts': 'etcd does not answer, and this member counts for the quorum until it is removed',
  'etcd-data-open': 'etcd refuses a data directory that others may read',

  'etcd-data': ({ member, raftIndex, raftTerm, revision, size }) =>
    [
      MEMBERS[member],
      ...(raftIndex === undefined ? [] : [`raft index ${raftIndex}, term ${raftTerm}`]),
      `revision ${revision ?? 'unknown'}`,
      `${Math.ceil(size / 1024 / 1024)} MiB`,
    ].join(', '),
  'etcd-data-unusable': ({ why }) => UNUSABLE_DATA[why],
  'etcd-data-damaged': ({ what }) => `its data is damaged: ${what}`,
  'best-etcd-data': 'it has the newest data of those that can be used: the cluster goes on with it',
  'chosen-etcd-data': 'the cluster goes on with its data, as requested',
  'etcd-changes-its-data': 'etcd is about to change it',
  'other-members-lost': 'most members are lost, and without them it takes no request',
  'other-etcd-data': 'the cluster goes on without it; "rke up" adds it again as a new member',
  'etcd-started-anew': 'etcd was without a quorum',
  'may-know-newer-objects': 'it may know newer objects than etcd has now',
  'recovery-is-finished': 'the recovery is finished; "rke etcd recover --discard" deletes it',

  'object-missing-or-different': ({ object }) => `${object} is missing or different`,
  'object-added': ({ object }) => `${object} added`,
  'object-changed': ({ object, fields, more }) => {
    const shown = [...fields, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
    return `${object} changed${shown === '' ? '' : ` (${shown})`}`
  },
  'object-dropped': ({ object }) => `${object} no longer in the manifest`,
  'manifest-text-changed': 'the text changed',
  'switched-off': 'switched off',
  'not-installed': 'not installed',
  'config-map-missing': 'its ConfigMap is missing',
  'deploy-job-missing': 'its deploy Job is missing, so nothing says that it was applied',
  'deploy-job-unfinished': 'its last deploy Job did not complete',
  'never-applied': 'the stored manifest was never applied: an earlier run stopped before its Job ran',
  'differs-from-rke': ({ what }) => differsFromRke(what),

  'nothing-applied-yet': 'nothing has been applied yet',
  'configuration-changed': ({ keys }) => `configuration changed: ${keys.join(', ')}`,
  'certificates-in-state-changed': ({ names }) => `certificates changed: ${names.join(', ')}`,
  'encryption-changed': 'secrets encryption changed',
  'left-out-changed': ({ nodes }) =>
    nodes.length === 0
      ? 'all nodes have the certificates'
      : `left out, with earlier certificates: ${nodes.join(', ')}`,
  'state-changes': 'the state changes',
  'state-copy-missing': 'there is no copy of the state in the cluster',
  'state-copy-different': 'the copy in the cluster is another one',
  'read-new-keys': 'it must read what others will write',
  encrypt: 'Secrets are to be encrypted',
  'encrypt-with-other-keys': 'Secrets are to be encrypted with other keys',
  'stop-encrypting': 'Secrets are not to be encrypted any more',
  'drop-old-keys': 'nothing is left that was written with the old keys',
  'keys-of-other-nodes': 'they belong to kubelets of other nodes',
  'secrets-stored-as-before': 'they are stored as before',
  'nothing-else-reads-them': 'what is not stored so could not be read any more without the old keys',
  'encryption-off': 'Secrets are not encrypted any more',
  'ca-key-elsewhere': 'the key of the CA is kept elsewhere',
}

const MEMBERS: Readonly<Record<ReasonOf<'etcd-data'>['member'], string>> = {
  silent: 'it gives no answer',
  'without-quorum': 'it runs without a quorum',
  'in-quorum': 'it runs, with a quorum',
}

const UNUSABLE_DATA: Readonly<Record<ReasonOf<'etcd-data-unusable'>['why'], string>> = {
  unreachable: 'it cannot be reached',
  'no-data': 'it has no data',
  'not-in-cluster-yml': 'cluster.yml has it not as an etcd node',
  learner: 'its member has no vote yet, and etcd makes no cluster of one without',
  removed: 'its member was removed from etcd, which never uses its data again',
  'set-aside': 'its data was set aside by a recovery that is not finished',
}

/**
 * How a plan says that something deliberately becomes other than RKE 1.6.3 left it, so that RKE would change it back. What
 * is said, and why it is so, stands in docs/migrating-from-rke1.md.
 */
function differsFromRke(what: string): string {
  return `differs from RKE: ${what}`
}

function aboutFiles(what: string, paths: readonly string[]): string {
  if (paths.length > MOST_FILES) return `${paths.length} files ${what}`
  return `${what}: ${paths.map((path) => path.slice(path.lastIndexOf('/') + 1)).join(', ')}`
}

function keyText(what: string, key: string, value: string | null): string {
  return value === null ? `${what} ${key} removed` : `${what} ${key}=${value}`
}

/** `30 days`, `36 hours`, `90 minutes`. */
function ageText(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} days`
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`
}

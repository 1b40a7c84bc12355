import { file, living, ownCertificates, type Refusals, unchanged, withEncryption } from './refused.ts'

const plugin = (endpoint: string): string =>
  `{kms: {apiVersion: v2, name: one, endpoint: "unix:///${endpoint}.sock"}}`

/** A cluster file with one provider of the user's own. */
const withProvider =
  (provider: string) =>
  (yaml: string): string =>
    withEncryption(yaml).replace(
      'enabled: true',
      `enabled: true, custom_config: {resources: [{resources: [secrets], providers: [${provider}]}]}`,
    )

export const STATE_AND_PLAN: Refusals = {
  'choose-member.ts: no etcd node has data that can be used': 'it ends another command',
  'choose-member.ts: it is not known which etcd node has the newest data': 'it ends another command',
  'choose-member.ts: the data of … cannot be used': 'it ends another command',
  'choose-member.ts: … of … etcd members have their data: …': 'it ends another command',
  'cluster-before.ts: no machine has data of etcd from before the restore': 'it ends another command',
  'restore-guards.ts: secrets_encryption_config does not name the key of …: …': 'it ends another command',
  'etcd-permissions.ts: a restore has set the data of etcd aside in …/…': 'a machine must be asked',
  'plan-discard.ts: a recovery is not finished on …': 'it ends another command',
  'plan-discard.ts: etcd is not healthy on …': 'it ends another command',
  'plan-recover.ts: etcd has a quorum, and is healthy on …': 'it ends another command',
  'plan-recover.ts: the disk has no room for a copy of the data': 'it ends another command',
  'recover-quorum.ts: there is no state file, and so no certificate to ask etcd with':
    'it ends another command',
  "certificate-target.ts: Failed to rotate certificates: can't find old certificates":
    'it ends another command',
  'refuse-ended-own-ca.ts: the CA of this cluster is one of your own, and has ended on …':
    'it ends another command',
  'chosen-nodes.ts: no node of cluster.yml has the address …': 'it is about a flag of a run',
  'decide.ts: no etcd member that stays is healthy, and etcd on … is to be changed':
    'a machine must be asked',
  'redacted-run.ts: the configuration refers to values outside of it, and nothing says where they are':
    'a program that uses the library made a mistake',
  'encryption-guards.ts: message': {
    files: living(withProvider(plugin('b')), (half) => {
      half.encryptionConfig = `resources: [{resources: [secrets], providers: [${plugin('a')}]}]`
    }),
    says: /secrets_encryption_config gives the kms plugin one other settings/,
    planLater: true,
  },
  'key-rotation-request.ts: message': {
    files: living(
      (yaml) => withProvider(plugin('a'))(`${yaml}rotate_encryption_key: true\n`),
      (half) => {
        half.encryptionConfig = `resources: [{resources: [secrets], providers: [${plugin('a')}]}]`
      },
    ),
    says: /Key Rotation is not supported with custom configuration/,
  },
  'key-rotation-request.ts: there is no applied configuration in the state, and so no encryption key':
    'it ends another command',
  'plan-key-rotation.ts: the encryption key cannot be exchanged now': 'a machine must be asked',
  'foreign-copy.ts: FOREIGN_COPY': 'a machine must be asked',
  'foreign-copy.ts: another run has changed the cluster while this plan was made': 'a machine must be asked',
  'members-to-save.ts: another save is running on …': 'it ends another command',
  'name-is-taken.ts: there is a snapshot named … already, on …': 'it ends another command',
  'bucket-of-save.ts: there is a snapshot named … already, in …': 'it ends another command',
  'prepare-save.ts: etcd is not one of this cluster': 'it ends another command',
  'check-certificates.ts: there is no state with certificates': 'it ends another command',
  'prepare-save.ts: there is no state file, which every snapshot must hold': 'it ends another command',
  'get-kubeconfig.ts: …, so there is nothing to make a kubeconfig of': 'it ends another command',
  'guards.ts: there is no state file, but a cluster runs on …': 'a machine must be asked',
  'member-guards.ts: Etcd plane nodes are replaced: none of … stays': {
    files: living((yaml) => yaml.replaceAll('10.66.0.11', '10.66.0.21')),
    says: /cluster\.yml:1:1: nodes: Etcd plane nodes are replaced: none of 10\.66\.0\.11 stays/,
  },
  'guards.ts: what': {
    files: living((yaml) => yaml.replace('v1.30.4', 'v1.28.14')),
    says: /cluster\.yml:5:1: kubernetes_version: Kubernetes v1\.28\.14-rancher1-1 is older than v1\.30\.4-rancher1-1/,
  },
  'member-guards.ts: etcd nodes leave, but no etcd member that stays is healthy': 'a machine must be asked',
  'member-guards.ts: without … etcd has … members, of which … are healthy and … are needed':
    'a machine must be asked',
  'guards.ts: cannot go on without …: …': 'a machine must be asked',
  'guards.ts: network.plugin says …, but … is installed in the cluster': 'a machine must be asked',
  'lost-policies.ts: Kubernetes … has no PodSecurityPolicy any more, and the cluster has …':
    'a machine must be asked',
  'guards.ts: cluster.yml asks for new authorities (rotate_certificates.cacertificates)': {
    files: living((yaml) => `${yaml}rotate_certificates: {cacertificates: true}\n`),
    says: /cluster\.yml:11:\d+: rotate_certificates\.cacertificates: cluster\.yml asks for new authorities/,
  },
  'rotate.ts: the CA is being rotated since …, which is not done yet': 'it ends another command',
  'asked-rotation.ts: the cluster is down, and its certificates can only be rotated all at once':
    'a machine must be asked',
  'expired-certificates.ts: the Kubernetes API does not answer: …': 'a machine must be asked',
  'plan.ts: the plan of a rotation of certificates cannot be approved beforehand': 'a machine must be asked',
  'leaving.ts: … leaves the cluster: …': {
    files: living(
      (yaml) => yaml.replace(/.*10\.66\.0\.13.*\n/, ''),
      ({ rkeConfig }) => {
        Object.assign(rkeConfig.nodes[2] ?? {}, { sshKey: `\${env:GONE}` })
      },
    ),
    says: /10\.66\.0\.13 leaves the cluster: .*environment variable GONE is not set/,
  },
  'make-material.ts: kube-ca.pem is not the CA that this cluster was built with': {
    files: { ...living(unchanged), ...ownCertificates },
    flags: '--custom-certs',
    says: /kube-ca\.pem is not the CA that this cluster was built with/,
  },
  'quorum-guard.ts: etcd on … must be replaced or restarted, but … cannot be reached: of … members … would be left meanwhile, and … are needed':
    'a machine must be asked',
  'read-user-manifests.ts: addons_include names files or URLs, and nothing was given that reads them':
    'a program that uses the library made a mistake',
  'recover-certificates.ts: … was not found on any node that can be reached': 'it ends another command',
  'recover-state.ts: no node gave the state or the keys of the cluster: …': 'it ends another command',
  'recover-state.ts: the node has no certificates of a cluster': 'it ends another command',
  'recover-state.ts: the cluster has no copy of its state': 'it ends another command',
  'registry-logins.ts: private_registries: … has an ecr_credential_plugin, but is not an Amazon ECR registry':
    'a machine must be asked',
  'rollout-settings.ts: upgrade_strategy.…: … is neither a number above 0 nor a percentage above 0%': {
    files: file('upgrade_strategy: {max_unavailable_worker: all}'),
    says: /max_unavailable_worker: "all" is not a number of nodes/,
  },
  'moved-plan.ts: the approved plan no longer fits:\n…': 'a machine must be asked',
  'plan-file.ts: … cannot be used as a plan: …': 'it is about a flag of a run',
  'plan-file.ts: the plan file … cannot be read': 'it is about a flag of a run',
  'plan-file.ts: the plan file … cannot be written': 'it is about a flag of a run',
  'plan-file.ts: … is not a plan that this program can use: …': 'it is about a flag of a run',
  'restrict-plan.ts: … must wait for … on …, which is not among the chosen nodes':
    'it is about a flag of a run',
  'etcd-members.ts: removing … would leave … healthy of … members, and … are needed':
    'a machine must be asked',
  'order.ts: The plan waits for itself at …': 'a program that uses the library made a mistake',

  'choose-version.ts: the snapshot is of Kubernetes …, and cluster.yml says …': 'it ends another command',
  'etcd-snapshot-restore.ts: --name says which snapshot is restored, and is missing':
    'it ends another command',
  'state-before.ts: no restore is under way that could be aborted': 'it ends another command',
  'state-before.ts: there was no cluster on these machines before the restore': 'it ends another command',
  'state-before.ts: the restored cluster works, and what came before snapshot … is being deleted':
    'it ends another command',
  'restore-guards.ts: … of … etcd members of the cluster from before cannot be reached: …':
    'a machine must be asked',
  'restore-guards.ts: none of the … …s can be reached': 'a machine must be asked',
  'restore-guards.ts: cluster.yml has no etcd node': 'it ends another command',
  'restore-guards.ts: … the state of the cluster': 'it ends another command',
  'restore-guards.ts: secrets_encryption_config does not read what is stored in the snapshot':
    'it ends another command',
  'while-restoring.ts: snapshot … is being restored since …, which is not done yet': {
    files: {
      ...file(''),
      'cluster.rkestate': '{"restoring": {"snapshot": "old", "startedAt": "2026-01-01T00:00:00Z"}}',
    },
    says: /snapshot old is being restored since 2026-01-01T00:00:00Z.*--abort/,
  },
  'unfinished.ts: etcd is being recovered from the data of … since …, which is not done yet': {
    files: {
      ...file(''),
      'cluster.rkestate': '{"recovering": {"node": "192.0.2.1", "startedAt": "2026-01-01T00:00:00Z"}}',
    },
    says: /recovered from the data of 192\.0\.2\.1 since 2026-01-01T00:00:00Z.*"rke etcd recover" again/,
  },
  'state-before.ts: etcd was being recovered when the restore began, and there is no cluster to go back to':
    'it ends another command',
  'file-state-store.ts: …, the state from before the restore, cannot be read': 'it ends another command',
  'memory-state-store.ts: there is no …': 'it ends another command',
  'file-state-store.ts: … cannot be …': {
    files: { ...file(''), 'cluster.rkestate': undefined },
    says: /cluster\.rkestate cannot be read: it is a folder; .*move the folder away/,
  },
  'file-state-store.ts: … was changed by someone else since it was read': 'it is about writing a file',
  'memory-state-store.ts: the state was changed by someone else since it was read':
    'it is about writing a file',
  'state-json.ts: … is damaged: …': {
    files: { ...file(''), 'cluster.rkestate': '{' },
    says: /cluster\.rkestate is damaged: it is not complete JSON/,
  },
}

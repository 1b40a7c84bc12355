import type { Example, Flag } from './command-spec.ts'

export const config: Flag = {
  name: 'config',
  type: 'string',
  default: 'cluster.yml',
  env: 'RKE_CONFIG',
  value: 'file',
  help: 'cluster file; state file and kubeconfig are named after it',
}
/** Of every command that reads a cluster file or lists versions. */
export const metadata: Flag = {
  name: 'metadata',
  type: 'string',
  env: 'RANCHER_METADATA_URL',
  value: 'file',
  help: 'take Kubernetes versions, images and manifests from this URL, data.json or rke executable alone',
}
export const sshAgentAuth: Flag = {
  name: 'ssh-agent-auth',
  type: 'boolean',
  help: 'log in with the keys of the SSH agent at SSH_AUTH_SOCK',
}
export const ignoreDockerVersion: Flag = {
  name: 'ignore-docker-version',
  type: 'boolean',
  help: 'accept any Docker version',
}
export const common = [config, sshAgentAuth, ignoreDockerVersion]

export const output: Flag = {
  name: 'output',
  type: 'string',
  default: 'auto',
  choices: ['auto', 'text', 'json'],
  help: 'text: log lines; json: one event a line; auto: progress on a terminal, else text',
}
export const planOutput: Flag = {
  ...output,
  default: 'text',
  choices: ['text', 'json'],
  help: 'format of the plan: text or json',
}
export const disablePortCheck: Flag = {
  name: 'disable-port-check',
  type: 'boolean',
  help: 'skip the check that new nodes reach each other',
}

export const breakLock: Flag = {
  name: 'break-lock',
  type: 'boolean',
  help: 'take the lock on the cluster from another run',
}

export const strict: Flag = {
  name: 'strict',
  type: 'boolean',
  help: 'warnings about the cluster file are errors',
}

export const skipUnreachable: Flag = {
  name: 'skip-unreachable',
  type: 'boolean',
  help: 'skip hosts that cannot be reached, and fail at the end',
}

export const unsupported = (flag: Omit<Flag, 'unsupported'>): Flag => ({ ...flag, unsupported: true })
export const local: Flag = {
  name: 'local',
  type: 'boolean',
  help: 'build on this machine alone, through its own Docker; nodes in the file are ignored',
}
export const dind = unsupported({ name: 'dind', type: 'boolean', help: 'nodes are local Docker containers' })
export const ownCertificates: readonly Flag[] = [
  {
    name: 'cert-dir',
    type: 'string',
    value: 'folder',
    help: 'folder of certificates, instead of <cluster file>_certs',
  },
  { name: 'custom-certs', type: 'boolean', help: 'use custom certificates from the certificate folder' },
]
/** The user's own CA. */
export const ownAuthority: readonly Flag[] = [
  {
    name: 'ca-cert',
    type: 'string',
    value: 'file',
    notEmpty: true,
    help: 'your own CA: its certificate, then those above it',
  },
  {
    name: 'ca-key',
    type: 'string',
    value: 'file',
    notEmpty: true,
    help: 'key of the CA, to issue with; or its text in RKE_CA_KEY',
  },
]
export const onlyNodes: Flag = {
  name: 'nodes',
  type: 'list',
  value: 'addresses',
  help: 'only these nodes, by address: a,b; may be repeated',
}
/** Which part of a change is made, and how: the same for `up` and for the plan of it. */
export const choice: readonly Flag[] = [
  { name: 'update-only', type: 'boolean', help: 'only add workers; change no existing node' },
  onlyNodes,
  { name: 'no-drain', type: 'boolean', help: 'delete leaving nodes without draining them' },
  {
    name: 'ignore-pod-security-policies',
    type: 'boolean',
    help: 'upgrade to v1.25 though pods lose the limits of PodSecurityPolicy objects',
  },
]
export const text = (name: string, help: string, value?: Flag['value']): Flag => ({
  name,
  type: 'string',
  ...(value && { value }),
  help,
})
export const example = (line: string, help: string): Example => ({ line, help })
/** The bucket of snapshots, in the place of that of the cluster file. */
export const bucketFlags: readonly Flag[] = [
  { name: 's3', type: 'boolean', help: 'use S3 with the following flags' },
  { name: 's3-endpoint', type: 'string', default: 's3.amazonaws.com', help: 'S3 host' },
  text('s3-endpoint-ca', 'file with the CA of the S3 host', 'file'),
  text('access-key', `S3 access key; '\${env:NAME}' takes it from the environment`),
  text('secret-key', `S3 secret key; '\${env:NAME}' takes it from the environment`),
  text('bucket-name', 'S3 bucket'),
  text('region', 'S3 region'),
  text('folder', 'folder in the bucket'),
  {
    name: 's3-via',
    type: 'string',
    choices: ['node', 'local'],
    default: 'node',
    help: 'reach S3 through an etcd node, or from this machine',
  },
]
export const snapshotFlags: readonly Flag[] = [
  text('name', 'snapshot name', 'name'),
  ...common,
  ...bucketFlags,
]

import { file, living, type Refusals, withEncryption } from './refused.ts'

export const CONFIGURATION: Refusals = {
  'cluster-file-error.ts: … has …:\n…': {
    files: file('network: {plugin: [canal]}'),
    says: /network\.plugin: must be a single text/,
  },
  'image-lists.ts: Kubernetes version … is not known; the versions on offer are […]':
    'it ends another command',
  'port.ts: … is …, which is not a port': {
    files: file('ingress: {network_mode: hostPort, extra_args: {http-port: web}}'),
    says: /ingress\.extra_args\.http-port: must be a port number/,
  },
  'resolve-secrets.ts: … secrets cannot be read:\n…': {
    files: file(`private_registries: [{url: r, user: u, password: "\${env:NOT_SET}"}]`),
    flags: '--strict',
    says: /private_registries\[0\]\.password: the environment variable NOT_SET is not set/,
  },
  'questions.ts: the number of hosts must be a whole number up to …, not "…"': 'it ends another command',
  'cloud-config.ts: cloud_provider.… is missing': {
    files: file('cloud_provider: {name: azure}'),
    says: /cloud_provider\.name: azure needs the block azureCloudProvider/,
  },
  'aws.ts: cloud_provider.awsCloudProvider.service_override cannot be written to the nodes': {
    files: file(
      'kubernetes_version: v1.26.15-rancher1-1\ncloud_provider: {awsCloudProvider: {service_override: {a: {service: s}}}}',
    ),
    says: /service_override: cannot be used/,
  },
  'read-providers.ts: the encryption provider file in the cluster state cannot be read: …': {
    files: living(withEncryption, (half) => {
      half.encryptionConfig = 'a: ['
    }),
    says: /encryption provider file in the cluster state cannot be read: it is not YAML/,
    planLater: true,
  },
}

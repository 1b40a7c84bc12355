import { z } from 'zod'
import { bastionHostSchema, privateRegistrySchema } from './access.ts'
import { dnsSchema, ingressSchema, monitoringSchema } from './addons.ts'
import { authenticationSchema, authorizationSchema } from './authentication.ts'
import { cloudProviderSchema } from './cloud-provider.ts'
import { networkSchema } from './network.ts'
import { nodeSchema } from './nodes.ts'
import {
  certificatesSchema,
  restoreSchema,
  rotateCertificatesSchema,
  upgradeStrategySchema,
} from './operations.ts'
import { always, flag, integer, optionalText, ruled, text, texts } from './reading/field-rules.ts'
import { servicesSchema } from './services/services.ts'
import { systemImagesSchema } from './system-images.ts'

/**
 * The whole configuration, in the spelling and the order of `rkeConfig` in the state file. cluster.yml is the
 * same with other keys and almost everything optional. What is not `.optional()` here always has a value after
 * defaulting: lists, maps, switches and numbers are empty, false or 0 where nothing was given.
 */
export const clusterConfigSchema = z.object({
  nodes: ruled(z.array(nodeSchema), { about: 'The machines of the cluster.', required: true }),
  services: ruled(servicesSchema, 'The components of Kubernetes.'),
  network: ruled(networkSchema, 'The network of pods.'),
  authentication: ruled(authenticationSchema, 'How users authenticate.'),
  addons: optionalText(
    'Manifests of your own, as one text of YAML documents; applied at the end of `rke up` when they change. A document that cannot be applied is left out with a warning.',
  ),
  addonsInclude: texts(
    'More manifests: URLs, or paths relative to the working folder or to the cluster file. What cannot be read or applied is left out with a warning.',
  ),
  systemImages: ruled(systemImagesSchema, {
    about: 'Images that replace those of the Kubernetes version.',
    default: { from: 'the images of `kubernetes_version`' },
  }),
  sshKeyPath: text({
    about: 'File of the private key for all nodes; may begin with `~/`.',
    default: '~/.ssh/id_rsa',
  }),
  sshCertPath: optionalText('Has no effect: name the certificate for each node.'),
  sshAgentAuth: always(
    flag('Log in with the keys of the SSH agent (`SSH_AUTH_SOCK`), on all nodes and the bastion.'),
  ),
  authorization: ruled(authorizationSchema, 'How users are authorized.'),
  ignoreDockerVersion: always(z.boolean().nullable(), {
    about: 'Accept any Docker version on the nodes. Can also be set on the command line.',
    default: { from: '`false`' },
  }),
  enableCriDockerd: always(z.boolean().nullable(), {
    about: 'Run cri-dockerd, which the kubelet needs to use Docker from Kubernetes v1.24 on.',
    default: { from: '`true` from v1.24 on' },
  }),
  kubernetesVersion: text({
    about: 'Version of Kubernetes: one that `rke config --list-version --all` lists.',
    default: { from: 'what `rke config --list-version` prints' },
  }),
  privateRegistries: ruled(z.array(privateRegistrySchema), 'Registries, and how to log in to them.'),
  ingress: ruled(ingressSchema, 'The ingress controller.'),
  clusterName: text({ about: 'Name of the cluster in the kubeconfig.', default: 'local' }),
  cloudProvider: ruled(cloudProviderSchema, { about: 'The cloud the nodes run in.', keys: 'verbatim' }),
  prefixPath: text({
    about:
      "Folder of the nodes that holds RKE's folders. With `/` it depends on the operating system: `/opt/rke` on CoreOS, Flatcar and RancherOS.",
    default: '/',
  }),
  winPrefixPath: optionalText('In place of `prefix_path` on Windows nodes.'),
  addonJobTimeout: integer({ about: "Seconds an addon's job may take.", default: 45 }),
  bastionHost: ruled(bastionHostSchema, 'A bastion host: the SSH jump host for all nodes.'),
  monitoring: ruled(monitoringSchema, 'Metrics of nodes and pods.'),
  restore: ruled(restoreSchema, 'Behaviour after a snapshot was restored.'),
  rotateCertificates: ruled(rotateCertificatesSchema.optional(), {
    about:
      'The next `rke up` renews these certificates, and does nothing else; the state records it, and the same is not done twice. `rke cert rotate` does it without a change of the file.',
    unset: 'left-out',
  }),
  rotateEncryptionKey: always(
    flag(
      'Asks `rke up` to exchange the key of Secrets once, and to do nothing else. Or use `rke encrypt rotate-key`.',
    ),
  ),
  dns: ruled(dnsSchema, { about: 'The DNS of the cluster.', unset: 'null' }),
  upgradeStrategy: ruled(upgradeStrategySchema, {
    about: 'How nodes of an existing cluster are changed.',
    unset: 'left-out',
  }),
  criDockerdStreamServerAddress: optionalText('Address at which cri-dockerd serves streams such as logs.'),
  criDockerdStreamServerPort: optionalText('Port of that address.'),
  certificates: ruled(certificatesSchema.optional(), {
    about:
      'Where the key of the CA is kept, for how long certificates are valid, and when they are renewed. Not part of RKE, which passes over it; the state file does not hold it.',
    unset: 'left-out',
    emit: 'never',
  }),
})

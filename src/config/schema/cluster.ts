import { z } from 'zod'
import { bastionHostSchema, privateRegistrySchema } from './access.ts'
import { dnsSchema, ingressSchema, monitoringSchema } from './addons.ts'
import { authenticationSchema, authorizationSchema } from './authentication.ts'
import { cloudProviderSchema } from './cloud-provider.ts'
import { always, integer, optionalText, ruled, text, texts } from './field-rules.ts'
import { networkSchema } from './network.ts'
import { nodeSchema } from './nodes.ts'
import { restoreSchema, rotateCertificatesSchema, upgradeStrategySchema } from './operations.ts'
import { servicesSchema } from './services.ts'
import { systemImagesSchema } from './system-images.ts'

/**
 * The whole configuration, in the spelling and the order of `rkeConfig` in the state file. cluster.yml is the
 * same with other keys and almost everything optional. What is not `.optional()` here always has a value after
 * defaulting: lists, maps, switches and numbers are empty, false or 0 where nothing was given.
 */
export const clusterConfigSchema = z.object({
  nodes: z.array(nodeSchema),
  services: servicesSchema,
  network: networkSchema,
  authentication: authenticationSchema,
  /** Manifests of the user, several YAML documents in one text. */
  addons: optionalText(),
  /** More manifests: URLs, or paths relative to the working directory. */
  addonsInclude: texts(),
  systemImages: systemImagesSchema,
  sshKeyPath: text(),
  sshCertPath: optionalText(),
  sshAgentAuth: always(z.boolean()),
  authorization: authorizationSchema,
  /** What the command line said; the state file records this, whatever cluster.yml says. */
  ignoreDockerVersion: always(z.boolean().nullable()),
  enableCriDockerd: always(z.boolean().nullable()),
  kubernetesVersion: text(),
  privateRegistries: z.array(privateRegistrySchema),
  ingress: ingressSchema,
  clusterName: text(),
  cloudProvider: ruled(cloudProviderSchema, { keys: 'verbatim' }),
  /** Where the nodes keep RKE's directories; `/` lets the node's operating system decide. */
  prefixPath: text(),
  winPrefixPath: optionalText(),
  /** Seconds an add-on's job may take. */
  addonJobTimeout: integer(),
  bastionHost: bastionHostSchema,
  monitoring: monitoringSchema,
  restore: restoreSchema,
  rotateCertificates: rotateCertificatesSchema.optional(),
  rotateEncryptionKey: always(z.boolean()),
  dns: dnsSchema,
  upgradeStrategy: upgradeStrategySchema,
  criDockerdStreamServerAddress: optionalText(),
  criDockerdStreamServerPort: optionalText(),
})

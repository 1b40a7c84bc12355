import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { hasRole } from '../../role.ts'
import type { FileSpec } from '../container-spec.ts'
import { PROVIDER_FILE } from '../encryption/provider-file.ts'
import { COMPONENT_FILES, prefixed } from '../paths.ts'
import type { Checksums } from '../service-context.ts'
import { admissionText } from './admission.ts'
import { auditPolicyText } from './audit-policy.ts'
import { authnWebhookText } from './authn-webhook.ts'
import { cloudConfigText } from './cloud-config.ts'
import { md5 } from './md5.ts'
import { rootFile } from './root-file.ts'

/** What the files of one node follow from. */
export interface NodeFilesInput {
  readonly config: ClusterConfig
  readonly node: ClusterNode
  /** The node's prefix path. */
  readonly prefix: string
  /** Text of the encryption provider file in use; none or "" where secrets are not encrypted. */
  readonly encryptionConfig?: string
}

/** The files beside certificates, in the order in which they are listed here. */
const FILES: readonly {
  readonly path: string
  /** Only where the API server runs. */
  readonly controlPlaneOnly: boolean
  readonly text: (input: NodeFilesInput) => string | undefined
  /** One that is there stays, whatever it holds. */
  readonly kept?: (config: ClusterConfig) => boolean
}[] = [
  {
    path: COMPONENT_FILES.cloudConfig,
    controlPlaneOnly: false,
    text: ({ config }) => cloudConfigText(config),
  },
  {
    path: COMPONENT_FILES.authenticationWebhook,
    controlPlaneOnly: false,
    text: ({ config }) => authnWebhookText(config),
  },
  {
    path: PROVIDER_FILE,
    controlPlaneOnly: true,
    text: ({ encryptionConfig }) => encryptionConfig || undefined,
  },
  {
    path: COMPONENT_FILES.admission,
    controlPlaneOnly: true,
    text: ({ config }) => admissionText(config),
  },
  {
    path: COMPONENT_FILES.auditPolicy,
    controlPlaneOnly: true,
    text: ({ config }) =>
      config.services.kubeApi.extraArgs['audit-policy-file'] === undefined
        ? auditPolicyText(config)
        : undefined,
    // RKE writes none where the log is switched off and has a configuration, though the API server then needs one, too.
    kept: (config) => !config.services.kubeApi.auditLog?.enabled,
  },
]

/**
 * The files a node has beside certificates: root's, mode 0600, below the node's prefix path. Each is its text
 * and one more line break, as RKE writes them with `echo`. Backslashes are kept as they are: RKE
 * expanded `\n`, `\\` and the like on the way, which broke passwords; `escapesWrittenLiterally` finds
 * the configurations where that makes a difference.
 */
export function nodeFiles(input: NodeFilesInput): readonly FileSpec[] {
  return FILES.filter(
    ({ controlPlaneOnly }) => !controlPlaneOnly || hasRole(input.node, 'controlplane'),
  ).flatMap(({ path, text, kept }) => {
    const content = text(input)
    if (content === undefined) return []
    const file = rootFile(prefixed(input.prefix, path), content)
    return kept?.(input.config) ? [{ ...file, overwrite: 'never' }] : [file]
  })
}

/**
 * Checksums of the texts, without the line break that the files have more, for the containers that depend on them. None
 * depends on the policy of an audit log that is switched off.
 */
export function fileChecksums(config: ClusterConfig): Checksums {
  const texts = {
    cloudConfig: cloudConfigText(config),
    admission: admissionText(config),
    auditPolicy: config.services.kubeApi.auditLog?.enabled ? auditPolicyText(config) : undefined,
  }
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, md5(text)]])),
  )
}

/** Sequences that a shell's `echo -e` replaces. */
const ESCAPE = /\\([\\abcefnrtv0]|x[0-9a-fA-F])/

/** Paths of the files that differ from what RKE writes, because their text holds backslash escapes. */
export function escapesWrittenLiterally(input: NodeFilesInput): readonly string[] {
  return nodeFiles(input)
    .filter(({ content }) => ESCAPE.test(content.reveal()))
    .map(({ path }) => path)
}

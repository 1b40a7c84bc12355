import type { AddonTemplate } from '../catalog/addon-templates.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { own } from '../config/own.ts'
import { CatalogError } from '../errors.ts'
import { renderTemplate } from '../templates/render-template.ts'
import { TemplateProblem } from '../templates/template-problem.ts'
import type { Value } from '../templates/values.ts'
import type { AddonConfig } from './addon-config.ts'
import { type AddonId, switchedOff } from './addon-names.ts'
import type { AddonSetting } from './addon-setting.ts'
import { autoscalerSetting } from './coredns/autoscaler-params.ts'
import { emptyImages } from './empty-images.ts'
import { ingressVersionText } from './ingress-nginx/image-version.ts'
import { INGRESS_DELETED_BEFORE, ingressDeletedAfter } from './ingress-nginx/ingress-manifest.ts'
import { parseManifest } from './objects/manifest.ts'
import type { Manifest, ManifestObject } from './objects/manifest-object.ts'
import { NETWORK_INPUTS } from './template-inputs/network-inputs.ts'
import { OTHER_INPUTS } from './template-inputs/other-inputs.ts'

/** A manifest that was made from a template of a metadata document. */
export interface DocumentManifest {
  /** Byte for byte what RKE 1.6.3 makes of the template. */
  readonly manifest: string
  readonly warnings: readonly string[]
  /** Objects to delete, and to see gone, right before the manifest is applied. */
  readonly deleteBefore: readonly ManifestObject[]
  /** Objects to delete once it is applied. */
  readonly deleteAfter: readonly ManifestObject[]
  readonly settings: readonly AddonSetting[]
}

type Inputs = (config: AddonConfig) => Value
const INPUTS: Readonly<Record<string, Inputs>> = { ...NETWORK_INPUTS, ...OTHER_INPUTS }

/** What gives templates by addon, as it is called in metadata, and Kubernetes version. */
export type TemplateTexts = Pick<Catalog, 'addonTemplateText'>

/**
 * The manifest of an addon that the configuration wants, if the metadata in use has its template.
 * @throws CatalogError if the template cannot be rendered, makes something that is no manifest, or needs an image that the version
 *   does not have
 * @throws ConfigError for settings that no manifest can be made from
 */
export function documentManifest(
  addon: AddonId,
  config: AddonConfig,
  catalog: TemplateTexts,
): DocumentManifest | undefined {
  const key = templateKey(addon, config)
  const template = key === undefined ? undefined : catalog.addonTemplateText(key, config.kubernetesVersion)
  const inputs = key === undefined ? undefined : own<Inputs>(INPUTS, key)
  if (inputs === undefined || template === undefined) return undefined
  const make = (changed: AddonConfig) => rendered(template.id, template.text, inputs(changed))
  const { text, objects } = make(config)
  const missing = emptyImages(config, objects, (changed) => make(changed).objects)
  if (missing.length > 0) throw withoutImage(addon, config.kubernetesVersion, missing)
  return { manifest: text, warnings: warningsOf(template, text), ...besides(addon, config) }
}

function warningsOf({ id, overlapping }: AddonTemplate, manifest: string): readonly string[] {
  const ranges = overlapping?.map((range) => `"${range}"`).join(' and ')
  return [
    ...(manifest.includes('<no value>')
      ? [
          `the manifest ${id} of the version metadata asks for values that nobody gives: it holds "<no value>"`,
        ]
      : []),
    ...(ranges === undefined ? [] : [`the ranges ${ranges} of the version metadata overlap: ${id} is used`]),
  ]
}

/** RKE deploys it without the image, and fails when its Job has not ended in time. */
const withoutImage = (addon: AddonId, version: string, keys: readonly string[]): CatalogError =>
  new CatalogError(`Kubernetes ${version} has no image for ${keys.join(', ')}, which the add-on needs`, {
    hint: `name the image there, or do without the add-on (${switchedOff(addon)})`,
  })

/** What metadata calls the addon; nothing for one that the configuration does not want. */
function templateKey(addon: AddonId, { dns, ingress, monitoring, network }: AddonConfig): string | undefined {
  if (addon === 'network')
    return own(NETWORK_INPUTS, network.plugin) === undefined ? undefined : network.plugin
  if (addon === 'coredns') return dns.provider === 'coredns' ? 'coreDNS' : undefined
  if (addon === 'kube-dns') return dns.provider === 'kube-dns' ? 'kubeDNS' : undefined
  if (addon === 'nodelocal') {
    const hasDns = dns.provider === 'coredns' || dns.provider === 'kube-dns'
    return hasDns && (dns.nodelocal?.ipAddress ?? '') !== '' ? 'nodelocal' : undefined
  }
  if (addon === 'metrics-server') return monitoring.provider === 'none' ? undefined : 'metricsServer'
  return addon === 'ingress' && ingress.provider === 'nginx' ? 'nginxIngress' : undefined
}

interface Rendered {
  readonly text: string
  readonly objects: Manifest
}

function rendered(id: string, template: string, root: Value): Rendered {
  try {
    const text = renderTemplate(template, root)
    return { text, objects: parseManifest(text) }
  } catch (cause) {
    if (cause instanceof TemplateProblem) throw unusable(id, 'cannot be rendered', cause)
    throw unusable(id, 'makes no manifest that Kubernetes can read', cause)
  }
}

const unusable = (id: string, what: string, cause: unknown): CatalogError =>
  new CatalogError(`the template ${id} of the version metadata ${what}`, {
    cause,
    hint: 'use metadata of another RKE release, or none to use the manifests that are built in',
  })

/** What RKE does besides to apply the manifest. */
function besides(addon: AddonId, config: AddonConfig): Omit<DocumentManifest, 'manifest' | 'warnings'> {
  const nothing = { deleteBefore: [], deleteAfter: [], settings: [] }
  if (addon === 'coredns' || addon === 'kube-dns') {
    return {
      ...nothing,
      settings: [autoscalerSetting(`${addon}-autoscaler`, config.dns.linearAutoscalerParams)],
    }
  }
  if (addon !== 'ingress') return nothing
  const hasJobs = ingressVersionText(config.systemImages.ingress) > '0.40.0'
  return {
    ...nothing,
    deleteBefore: hasJobs ? INGRESS_DELETED_BEFORE : [],
    deleteAfter: ingressDeletedAfter(config),
  }
}

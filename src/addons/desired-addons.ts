import { toRkeError } from '../errors.ts'
import type { AddonConfig } from './addon-config.ts'
import {
  dnsManifest,
  ingressControllerManifest,
  metricsManifest,
  nodelocalDnsManifest,
} from './addon-manifests.ts'
import { ADDON_KEYS, ADDON_NAMES, type AddonId, type AddonName } from './addon-names.ts'
import type { AddonSetting } from './addon-setting.ts'
import { documentManifest, type TemplateTexts } from './document-manifest.ts'
import { networkManifest } from './network-manifest.ts'
import { renderManifest } from './objects/manifest.ts'
import type { ManifestObject } from './objects/manifest-object.ts'
import type { Selection, TemplateCatalog } from './selected-manifest.ts'
import { hasDocuments, type UserManifest, type UserManifests, userManifests } from './user-addons.ts'

interface Step {
  readonly addon: AddonId
  /** The addon's name in the cluster. */
  readonly name: AddonName
  /** It is the user's own: its failure is a warning, and what comes after it is done all the same. */
  readonly optional: boolean
  /** Names of the steps of this list that must be through before. */
  readonly after: readonly AddonName[]
  /** What in the configuration will not do what it seems to. */
  readonly warnings: readonly string[]
}

/** An addon that the cluster must hold. */
export interface DeployStep extends Step {
  readonly kind: 'deploy'
  /** Multi-document YAML, to be stored as it is. */
  readonly manifest: string
  /** What RKE's manifest says otherwise, deliberately. */
  readonly differences: readonly string[]
  /** What the stored manifest holds besides stays: something of this one could not be had. */
  readonly keepsRest: boolean
  /** Objects to delete, and to see gone, right before the manifest is applied, and only then. */
  readonly deleteBefore: readonly ManifestObject[]
  /** Objects to delete once the manifest is applied. */
  readonly deleteAfter: readonly ManifestObject[]
  readonly settings: readonly AddonSetting[]
}

/** An addon that is switched off: its objects are deleted if its deploy Job exists. */
export interface DeleteStep extends Step {
  readonly kind: 'delete-if-installed'
}

/** An addon whose manifest for this Kubernetes version is not known: what the cluster has of it stays. */
export interface LeaveStep extends Step {
  readonly kind: 'leave'
}

/** One addon: what to do about it, after which others. */
export type AddonStep = DeployStep | DeleteStep | LeaveStep

type StepContent =
  | Omit<DeployStep, Exclude<keyof Step, 'warnings'>>
  | Pick<DeleteStep | LeaveStep, 'kind' | 'warnings'>

const DELETE: StepContent = { kind: 'delete-if-installed', warnings: [] }
const LEAVE: StepContent = { kind: 'leave', warnings: [] }

/**
 * Everything this program installs in the cluster, or removes if it is there, in the order of RKE 1: the
 * network plugin, then DNS, then the rest, whose steps do not wait for each other, except that a user's
 * manifests come after ingress (they may use its namespace) and included ones after inline ones.
 *
 * @param user the user's own manifests, those of `addons_include` fetched by the caller
 * @throws ConfigError for settings that no manifest can be made from, and for providers not supported yet
 * @throws CatalogError if the Kubernetes version has no manifest of an addon
 */
export function desiredAddons(
  config: AddonConfig,
  catalog: TemplateCatalog & TemplateTexts,
  user: UserManifests = userManifests(config.addons ?? '', []),
): AddonStep[] {
  const contents: readonly (readonly [AddonId, () => StepContent | undefined])[] = [
    ['network', () => optional(networkManifest(config, catalog))],
    ...dnsSteps(config, catalog),
    ['nodelocal', () => nodelocalContent(config, catalog)],
    ['metrics-server', () => optional(metricsManifest(config, catalog)) ?? DELETE],
    ['ingress', () => optional(ingressControllerManifest(config, catalog)) ?? DELETE],
    ['user-addons', () => userContent(user.inline, (config.addons ?? '') !== '')],
    ['user-addons-include', () => userContent(user.included, config.addonsInclude.length > 0)],
  ]
  const steps = contents.flatMap(([addon, make]) => {
    const content = contentOf(addon, () => fromDocument(addon, config, catalog) ?? make())
    return content === undefined ? [] : [{ addon, content }]
  })
  const names = steps.map(({ addon }) => ADDON_NAMES[addon])
  return steps.map(({ addon, content }, index) => ({
    addon,
    name: ADDON_NAMES[addon],
    ...content,
    optional: USER_ADDONS.includes(addon),
    after: names.slice(0, index).filter((name) => waitsFor(addon).includes(name)),
  }))
}

/** Metadata with templates has a manifest for whatever it knows; the built-in ones are for all else. */
function fromDocument(addon: AddonId, config: AddonConfig, catalog: TemplateTexts): StepContent | undefined {
  const made = documentManifest(addon, config, catalog)
  return made && { ...NOTHING_MORE, ...made, kind: 'deploy' }
}

/** What is made for an addon; an error says which value of cluster.yml is to blame. */
function contentOf(addon: AddonId, make: () => StepContent | undefined): StepContent | undefined {
  try {
    return make()
  } catch (thrown) {
    throw toRkeError(thrown, { key: ADDON_KEYS[addon] })
  }
}

const USER_ADDONS: readonly AddonId[] = ['user-addons', 'user-addons-include']

function waitsFor(addon: AddonId): readonly string[] {
  const { network, coredns, ingress, nodelocal } = ADDON_NAMES
  const dns = [network, ADDON_NAMES['kube-dns'], coredns]
  if (addon === 'user-addons') return [...dns, nodelocal, ingress]
  if (addon === 'user-addons-include') return [...dns, nodelocal, ingress, ADDON_NAMES['user-addons']]
  return dns
}

const NOTHING_MORE = { differences: [], keepsRest: false, deleteBefore: [], deleteAfter: [], settings: [] }

function optional(selected: Selection): StepContent | undefined {
  if (selected === 'unknown') return LEAVE
  if (selected === undefined) return undefined
  const { objects, ...rest } = selected
  return { kind: 'deploy', manifest: renderManifest(objects), ...NOTHING_MORE, ...rest }
}

/** A text without any object, such as one of comments only, leaves what is installed as it is. */
function userContent({ text, leftOut }: UserManifest, wanted: boolean): StepContent | undefined {
  if (!wanted) return DELETE
  if (!hasDocuments(text)) return undefined
  return { kind: 'deploy', manifest: text, warnings: [], ...NOTHING_MORE, keepsRest: leftOut.length > 0 }
}

const DNS_PROVIDERS = ['kube-dns', 'coredns'] as const

/**
 * Both providers have the same Service and pod labels, so the one not wanted goes before the other comes. As in RKE, the
 * name of one in another case deploys nothing, and leaves that one as it is.
 */
function dnsSteps(
  config: AddonConfig,
  catalog: TemplateCatalog,
): (readonly [AddonId, () => StepContent | undefined])[] {
  const { provider } = config.dns
  const others = DNS_PROVIDERS.filter((other) => other !== provider.toLowerCase())
  const wanted = DNS_PROVIDERS.filter((known) => known === provider)
  return [
    ...others.map((other) => [other, () => DELETE] as const),
    ...wanted.map((known) => [known, () => optional(dnsManifest(config, catalog))] as const),
  ]
}

/** A `nodelocal` block without address, or without a DNS behind it, neither installs nor removes anything. */
function nodelocalContent(config: AddonConfig, catalog: TemplateCatalog): StepContent | undefined {
  if (!DNS_PROVIDERS.some((known) => known === config.dns.provider)) return undefined
  if (config.dns.nodelocal === undefined) return DELETE
  return optional(nodelocalDnsManifest(config, catalog))
}

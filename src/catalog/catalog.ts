import { CatalogError } from '../errors.ts'
import { type AddonTemplate, addonTemplate, addonTemplateText, hasTemplates } from './addon-templates.ts'
import { BUILT_IN, type CatalogSource } from './catalog-source.ts'
import { isRkeTools, takesStateAlong } from './helper-image.ts'
import { splitTag } from './image-tag.ts'
import { equivalentRkeVersion, knownVersions } from './known-versions.ts'
import type { Metadata, ServiceOptions } from './metadata.ts'
import { minorOf, parseSemanticVersion } from './version-order.ts'

export type { ServiceOptions } from './metadata.ts'

/** The data of each Kubernetes version. Versions are written as in cluster.yml: `v1.30.4-rancher1-1`. */
export interface Catalog {
  /** The default version. */
  readonly defaultVersion: string
  /** All usable versions, oldest first. */
  readonly knownVersions: readonly string[]
  /** The newest of each supported minor, oldest first: what `rke config --list-version --all` prints. */
  readonly currentVersions: readonly string[]
  isKnown(version: string): boolean
  /** Where the version, its images, flags and manifests are from. */
  source(version: string): CatalogSource
  /**
   * Images by their key in the state file, `kubernetes`, `etcd`, …; keys the version does not use are missing. Throws
   * CatalogError.
   */
  systemImages(version: string): Readonly<Record<string, string>>
  /** Flags of a version; a minor given by the tag of a custom Kubernetes image wins. Throws CatalogError. */
  serviceOptions(version: string, kubernetesImageTag?: string): ServiceOptions
  /** Whether `serviceOptions` knows the version. */
  hasServiceOptions(version: string, kubernetesImageTag?: string): boolean
  /**
   * Docker release lines (`20.10.x`) that a version (full, or only its minor) accepts; empty for an unknown version.
   */
  dockerVersions(version: string): readonly string[]
  /** Whether a Docker of this version (`27.1.2`) may run that Kubernetes version. */
  acceptsDocker(version: string, dockerVersion: string): boolean
  /** Id of the matching manifest: `addon` as in the metadata, `coreDNS`, `flannel`, … Throws CatalogError. */
  addonTemplate(addon: string, version: string): string
  /**
   * The template of the matching manifest, if the metadata has one: built-in metadata has no templates. `addon` as in
   * `addonTemplate`.
   */
  addonTemplateText(addon: string, version: string): AddonTemplate | undefined
  /** Whether there is such a template of any add-on. */
  hasTemplates(version: string): boolean
  /**
   * Image of all containers that save and restore: rke-tools with the default version's tag, as in RKE, any other image unchanged. A
   * tag that takes the state into recurring snapshots stays where that of the default version does not.
   */
  backupImage(alpineImage: string): string
}

/** A catalogue over `metadata`, as RKE of version `rke` reads it. */
export function createCatalog(
  metadata: Metadata,
  rke: string = equivalentRkeVersion,
  source: CatalogSource = BUILT_IN,
): Catalog {
  const versions = knownVersions(metadata, rke)
  const known = new Set(versions.known)
  const systemImages = (version: string): Readonly<Record<string, string>> => {
    const images = known.has(version) ? metadata.K8sVersionRKESystemImages[version] : undefined
    if (images === undefined) throw unknownVersion(version, versions.current)
    return images
  }
  return {
    defaultVersion: versions.default,
    knownVersions: versions.known,
    currentVersions: versions.current,
    isKnown: (version) => known.has(version),
    source: () => source,
    systemImages,
    serviceOptions: (version, tag) => serviceOptions(metadata, version, tag),
    hasServiceOptions: (version, tag) => findServiceOptions(metadata, version, tag) !== undefined,
    dockerVersions: (version) => dockerVersions(metadata, version),
    acceptsDocker: (version, dockerVersion) =>
      parseSemanticVersion(dockerVersion.replaceAll(/(^|\.)0+(?=\d)/g, '$1')) !== undefined &&
      dockerVersions(metadata, version).some((line) => sameReleaseLine(line, dockerVersion)),
    addonTemplate: (addon, version) => addonTemplate(metadata, addon, version),
    addonTemplateText: (addon, version) => addonTemplateText(metadata, addon, version),
    hasTemplates: (version) => hasTemplates(metadata, version),
    backupImage(alpineImage) {
      const helper = known.has(versions.default) ? systemImages(versions.default).alpine : undefined
      if (!isRkeTools(alpineImage) || helper === undefined) return alpineImage
      return takesStateAlong(alpineImage) && !takesStateAlong(helper)
        ? alpineImage
        : `${splitTag(alpineImage)[0]}:${splitTag(helper)[1]}`
    },
  }
}

function unknownVersion(version: string, current: readonly string[]): CatalogError {
  return new CatalogError(`Kubernetes version ${version} is not known`, {
    hint: `use one of ${current.join(', ')}, or name every image under system_images`,
  })
}

function serviceOptions(metadata: Metadata, version: string, tag?: string): ServiceOptions {
  const found = findServiceOptions(metadata, version, tag)
  if (found !== undefined) return found
  throw new CatalogError(`no component flags are known for Kubernetes ${minorOf(tag ?? '') || version}`, {
    hint: `known minor versions are ${Object.keys(metadata.K8sVersionServiceOptions).filter(isMinor).join(', ')}`,
  })
}

function findServiceOptions(
  { K8sVersionServiceOptions: options }: Metadata,
  version: string,
  tag = '',
): ServiceOptions | undefined {
  return options[version] ?? options[minorOf(tag) || minorOf(version)]
}

/** The keys of service options are minor versions, and single builds that have options of their own. */
const isMinor = (key: string): boolean => minorOf(key) === key

const dockerVersions = (metadata: Metadata, version: string): readonly string[] =>
  metadata.K8sVersionDockerInfo[minorOf(version).replace(/^v/, '')] ?? []

function sameReleaseLine(line: string, version: string): boolean {
  const [major, minor, rest] = line.split('.')
  const [haveMajor, haveMinor] = version.split('.')
  return rest !== undefined && Number(major) === Number(haveMajor) && Number(minor) === Number(haveMinor)
}

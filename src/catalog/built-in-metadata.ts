import { builtInImages } from './built-in-images.ts'
import { builtInServiceOptions } from './built-in-service-options.ts'
import defaults from './data/defaults.json' with { type: 'json' }
import dockerVersions from './data/docker-versions.json' with { type: 'json' }
import templateRanges from './data/template-ranges.json' with { type: 'json' }
import versionInfo from './data/version-info.json' with { type: 'json' }
import type { Metadata } from './metadata.ts'

/** The built-in metadata; about 200 kB, so import this module only when it is needed. */
export const builtInMetadata: Metadata = {
  K8sVersionRKESystemImages: builtInImages,
  K8sVersionInfo: versionInfo,
  RKEDefaultK8sVersions: defaults,
  K8sVersionServiceOptions: builtInServiceOptions,
  K8sVersionDockerInfo: dockerVersions,
  K8sVersionedTemplates: templateRanges,
}

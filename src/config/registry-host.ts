import type { DeepPartial, PrivateRegistry } from './cluster-config.ts'

/** An entry of `private_registries`. */
export type Registry = DeepPartial<PrivateRegistry>

/** The registry of images whose name gives none, and of an entry without `url`. */
export const DOCKER_HUB = 'docker.io'

/** What the `url` of a registry of Amazon ECR looks like, for hints. */
export const ECR_EXAMPLE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

/** Whom to ask for the password of a registry of Amazon ECR. */
export interface EcrEndpoint {
  readonly region: string
  readonly fips: boolean
}

const ECR_HOST = /^\d+\.dkr\.ecr(-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?(?:$|\/)/

/** The `url` of an entry as it is written, or that of Docker Hub. */
export const registryUrl = ({ url }: Registry): string => url || DOCKER_HUB

/**
 * What the names of an entry's images begin with. The `url` of an ECR registry may begin with `https://`, as AWS
 * shows it.
 */
export const registryHost = ({ url, ecrCredentialPlugin }: Registry): string =>
  registryUrl({ url: ecrCredentialPlugin === undefined ? url : url?.replace(/^https:\/\//, '') })

/** The endpoint of a registry of Amazon ECR, or `undefined` if the host is none of ECR's. */
export function ecrEndpoint(host: string): EcrEndpoint | undefined {
  const [, fips, region] = ECR_HOST.exec(host) ?? []
  return region === undefined ? undefined : { region, fips: fips !== undefined }
}

/** Whether an entry gives neither user nor password: only then its ECR plugin is used. */
export const isAnonymous = ({ user, password }: Registry): boolean => !user && !password

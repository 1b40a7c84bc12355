import type { ClusterConfig } from '../../cluster-config.ts'
import { ECR_EXAMPLE, ecrEndpoint, isAnonymous, registryHost, registryUrl } from '../../registry-host.ts'
import { buildError, type Finding, warning, when } from '../finding.ts'
import { keyFindings, portFindings } from './login-findings.ts'

/** The way to the nodes, and to their images. */
export function bastionAndRegistryFindings(config: ClusterConfig): readonly Finding[] {
  return [...bastion(config), ...registries(config), ...prefix(config)]
}

function bastion({ bastionHost }: ClusterConfig): readonly Finding[] {
  const { address, port, sshKey = '', user } = bastionHost
  const path = ['bastionHost']
  if (address === '') {
    return when(user !== '' || sshKey !== '', () =>
      warning([...path, 'address'], 'is missing, so no bastion host is used'),
    )
  }
  return [
    ...when(user === '', () => buildError([...path, 'user'], 'is missing: the SSH user')),
    ...portFindings(port, path),
    ...keyFindings(sshKey, path),
  ]
}

function registries({ privateRegistries: given }: ClusterConfig): readonly Finding[] {
  const urls = given.map(registryUrl)
  const firstDefault = given.findIndex(({ isDefault }) => isDefault)
  return given.flatMap((registry, index) => {
    const { ecrCredentialPlugin, isDefault, password, url = '', user } = registry
    const path = ['privateRegistries', index]
    const later = urls.lastIndexOf(urls[index] ?? '')
    return [
      ...when(/^[a-z]+:\/\//.test(url) && !ecrCredentialPlugin, () =>
        warning([...path, 'url'], 'must be a host without a scheme', 'remove https://'),
      ),
      ...when(/\/$|\s/.test(url), () =>
        warning(
          [...path, 'url'],
          'must not end with a slash or contain blanks: it is a prefix of image names',
        ),
      ),
      ...when(later > index, () =>
        warning(path, `is replaced by private_registries[${later}], which has the same host`, {
          others: [['privateRegistries', later]],
        }),
      ),
      ...when(isDefault && index !== firstDefault, () =>
        warning([...path, 'isDefault'], 'has no effect: only the first default registry counts', {
          others: [['privateRegistries', firstDefault, 'isDefault']],
        }),
      ),
      ...when(Boolean(user) !== Boolean(password), () =>
        warning([...path, user ? 'password' : 'user'], 'is missing; user and password go together'),
      ),
      ...when(!!ecrCredentialPlugin && isAnonymous(registry) && !ecrEndpoint(registryHost(registry)), () =>
        warning([...path, 'url'], 'is not an Amazon ECR registry', `write ${ECR_EXAMPLE}`),
      ),
    ]
  })
}

const prefix = ({ prefixPath }: ClusterConfig): readonly Finding[] =>
  when(!prefixPath.startsWith('/'), () =>
    warning(['prefixPath'], 'is not a path on the nodes', 'start it with /'),
  )

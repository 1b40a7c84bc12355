import type { ClusterConfig } from '../../cluster-config.ts'
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
      warning([...path, 'address'], 'is missing, so no bastion is used'),
    )
  }
  return [
    ...when(user === '', () => buildError([...path, 'user'], 'is missing: the name to log in with over SSH')),
    ...portFindings(port, path),
    ...keyFindings(sshKey, path),
  ]
}

const ecrHost = /^\d+\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/

function registries({ privateRegistries: given }: ClusterConfig): readonly Finding[] {
  const urls = given.map(({ url }) => url || 'docker.io')
  const firstDefault = given.findIndex(({ isDefault }) => isDefault)
  return given.flatMap(({ ecrCredentialPlugin, isDefault, password, url = '', user }, index) => {
    const path = ['privateRegistries', index]
    const later = urls.lastIndexOf(urls[index] ?? '')
    const anonymous = !user && !password
    return [
      ...when(/^[a-z]+:\/\//.test(url) && !ecrCredentialPlugin, () =>
        warning([...path, 'url'], 'must be a host without a scheme', 'leave https:// out'),
      ),
      ...when(/\/$|\s/.test(url), () =>
        warning(
          [...path, 'url'],
          'must not end with a slash or hold blanks: it is put before names of images',
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
        warning([...path, user ? 'password' : 'user'], 'is missing; the two go together'),
      ),
      ...when(!!ecrCredentialPlugin && anonymous && !ecrHost.test(url.replace(/^https:\/\//, '')), () =>
        warning(
          [...path, 'url'],
          'is no registry of Amazon ECR',
          'write 123456789012.dkr.ecr.eu-west-1.amazonaws.com',
        ),
      ),
    ]
  })
}

const prefix = ({ prefixPath }: ClusterConfig): readonly Finding[] =>
  when(!prefixPath.startsWith('/'), () =>
    warning(['prefixPath'], 'is no path on the nodes', 'begin it with /'),
  )

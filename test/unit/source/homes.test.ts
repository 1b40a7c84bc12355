import { expect, test } from 'vitest'
import { programTexts } from './program-texts.ts'

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '')

test.each([
  ['whether a node has a role', /\.role\.includes\(|\brole\.includes\(/, ['src/role.ts']],
  ['the name of a container that was replaced', /['"`]old-/, ['src/container-names.ts']],
  [
    'the name of a helper container',
    /'(cert-fetcher|cert-deployer|file-deployer|etcd-fix-perm|host-cleaner|rke-log-linker|rke-log-cleaner|rke-selinux-checker|etcd-snapshot-reader|etcd-snapshot-lister)'/,
    ['src/container-names.ts'],
  ],
  // A hint shows what the address of somebody else's etcd looks like.
  [
    'a port of etcd',
    /\b(2379|2380)\b/,
    ['src/etcd/members/member-names.ts', 'src/config/validation/services/etcd-findings.ts'],
  ],
  ['the name of an etcd member', /`etcd-\$\{/, ['src/etcd/members/member-names.ts']],
  // etcd's client reads it.
  ['whether a member has a vote', /\.isLearner\b/, ['src/etcd/members/quorum.ts', 'src/etcd/client.ts']],
  ['the host of a registry of Amazon ECR', /dkr\\?\.ecr/, ['src/config/registry-host.ts']],
  [
    'the name of the encryption provider file',
    /'encryption\.yaml'|\/encryption\.yaml/,
    ['src/desired/encryption/provider-file.ts'],
  ],
  [
    "how the state of an etcd member's cluster is given",
    /initial-cluster-state/,
    ['src/desired/services/etcd.ts'],
  ],
  ['the folder of the cluster on its nodes', /['"`]\/etc\/kubernetes\b/, ['src/node-paths.ts']],
  ['the folder of snapshots', /\/opt\/rke\/etcd-snapshots/, ['src/node-paths.ts']],
  ['the port of API servers', /\b6443\b/, ['src/config/kubernetes/ports.ts']],
])('%s is said in one place', (_, pattern, homes) => {
  const places = [...programTexts]
    .filter(([, text]) => pattern.test(withoutComments(text)))
    .map(([file]) => file)
  expect(places.toSorted()).toEqual([...homes].toSorted())
})

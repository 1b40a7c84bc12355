import { describe, expect, it } from 'vitest'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import type { Reason } from '../../../src/plan/model/reason.ts'
import {
  type ActualContainer,
  containerDifferences,
  deferredDifferences,
} from '../../../src/plan/node/container-difference.ts'
import { reasonText } from '../../../src/reason-text.ts'

const texts = (found: readonly Reason[]) => found.map(reasonText)
const image = { Entrypoint: null, Env: ['PATH=/bin', 'V=1'] }

const wanted: ContainerSpec = {
  name: 'kube-proxy',
  image: 'r/h:v1',
  command: ['/opt/rke-tools/entrypoint.sh', 'kube-proxy', '--v=2', '--kubeconfig=/k'],
  args: [],
  env: ['A=1'],
  binds: ['/run:/run', '/etc/kubernetes:/etc/kubernetes'],
  volumesFrom: ['service-sidekick'],
  network: 'host',
  privileged: true,
  labels: {},
  securityOpt: [],
}

const same: ActualContainer = {
  Config: {
    Image: 'r/h:v1',
    Entrypoint: ['/opt/rke-tools/entrypoint.sh', 'kube-proxy', '--kubeconfig=/k', '--v=2'],
    Cmd: null,
    Env: ['A=1', 'PATH=/bin', 'V=1'],
  },
  HostConfig: {
    Binds: ['/etc/kubernetes:/etc/kubernetes', '/run:/run'],
    SecurityOpt: ['label=disable'],
  },
}

const withConfig = (config: Partial<ActualContainer['Config']>): ActualContainer => ({
  ...same,
  Config: { ...same.Config, ...config },
})
const withHost = (host: Partial<ActualContainer['HostConfig']>): ActualContainer => ({
  ...same,
  HostConfig: { ...same.HostConfig, ...host },
})

describe('containerDifferences', () => {
  it('finds none when only order differs and Docker has added what it always adds', () => {
    expect(texts(containerDifferences(same, wanted, image))).toEqual([])
  })

  it.each<[string, ActualContainer, string[]]>([
    [
      'another bind option',
      withHost({ Binds: ['/etc/kubernetes:/etc/kubernetes', '/run:/run:rprivate'] }),
      ['bind /run:/run added', 'bind /run:/run:rprivate dropped'],
    ],
    [
      'a variable of an older image',
      withConfig({ Env: ['A=1', 'PATH=/bin', 'V=0'] }),
      ['environment variable V'],
    ],
    [
      'a changed flag',
      withConfig({ Entrypoint: ['/opt/rke-tools/entrypoint.sh', 'kube-proxy', '--kubeconfig=/k', '--v=4'] }),
      ['argument --v: 4 → 2'],
    ],
    ['another image', withConfig({ Image: 'r/h:v0' }), ['image r/h:v0 → r/h:v1']],
    ['a command that is not wanted', withConfig({ Cmd: ['--extra=1'] }), ['argument --extra=1 dropped']],
    [
      'a security option that is not wanted',
      withHost({ SecurityOpt: ['label=disable', 'apparmor=x'] }),
      ['security option label=disable dropped', 'security option apparmor=x dropped'],
    ],
  ])('names %s', (_, actual, reasons) => {
    expect(texts(containerDifferences(actual, wanted, image))).toEqual(reasons)
  })

  it('lets a variable of the user win over one of the image, as Docker does', () => {
    const actual = withConfig({ Env: ['A=1', 'PATH=/mine', 'V=1'] })
    expect(texts(containerDifferences(actual, { ...wanted, env: ['A=1', 'PATH=/mine'] }, image))).toEqual([])
  })

  it('never shows the value of a variable: it may be a password', () => {
    const actual = withConfig({ Env: ['A=1', 'PATH=/bin', 'V=1', 'TOKEN=old-secret'] })
    const reasons = texts(
      containerDifferences(actual, { ...wanted, env: ['A=1', 'TOKEN=new-secret'] }, image),
    )
    expect(reasons).toEqual(['environment variable TOKEN'])
  })

  it('keeps a container whose image was removed from the node while it runs what is wanted', () => {
    expect(texts(containerDifferences(same, wanted, undefined))).toEqual([])
  })

  it('completes the wanted entrypoint from the image where the container has none of its own', () => {
    const plain = { ...wanted, command: [], args: ['save'] }
    const actual = withConfig({ Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['save'] })
    const reasons = texts(
      containerDifferences(actual, plain, { ...image, Entrypoint: ['/docker-entrypoint.sh'] }),
    )
    expect(reasons).toEqual([])
  })

  describe('of etcd', () => {
    const flags = (cluster: string, state: string) => [
      '/usr/local/bin/etcd',
      `--initial-cluster=${cluster}`,
      `--initial-cluster-state=${state}`,
    ]
    const etcd = {
      ...{ ...wanted, name: 'etcd', command: [], args: flags('a,b', 'new') },
      firstStartFlags: ['initial-cluster', 'initial-cluster-state'],
    }

    it('do not count what etcd reads only with an empty data directory', () => {
      const actual = withConfig({ Entrypoint: null, Cmd: flags('a', 'existing') })
      expect(texts(containerDifferences(actual, etcd, image))).toEqual([])
      expect(texts(deferredDifferences(actual, etcd))).toEqual([
        'argument --initial-cluster: a → a,b',
        'argument --initial-cluster-state: existing → new',
      ])
    })

    it('count every other flag', () => {
      const actual = withConfig({
        Entrypoint: null,
        Cmd: [...flags('a,b', 'new'), '--quota-backend-bytes=1'],
      })
      expect(texts(containerDifferences(actual, etcd, image))).toEqual([
        'argument --quota-backend-bytes=1 dropped',
      ])
    })
  })

  it('takes any release of the snapshot image, but not another image', () => {
    const snapshots = { ...wanted, name: 'etcd-rolling-snapshots', image: 'rancher/rke-tools:v0.1.100' }
    const newer = withConfig({ Image: 'rancher/rke-tools:v0.1.103' })
    expect(texts(containerDifferences(newer, snapshots, undefined))).toEqual([])
    const other = withConfig({ Image: 'reg.local/rke-tools:v0.1.100' })
    expect(texts(containerDifferences(other, snapshots, undefined))).toEqual([
      'image reg.local/rke-tools:v0.1.100 → rancher/rke-tools:v0.1.100',
    ])
  })
})

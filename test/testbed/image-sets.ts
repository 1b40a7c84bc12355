import type { Program } from './program.ts'

/** An image that nodes pull, and what it is made of. */
export interface ImageRecipe {
  /** As in a system_images entry: `rancher/hyperkube:v1.31.1-rancher1`. */
  readonly reference: string
  /** Folder below `images/` with its Dockerfile. */
  readonly dir: string
  /** True where the Dockerfile begins with, or takes files from, the Debian base image. */
  readonly base?: true
  readonly programs: readonly Program[]
  /** Not on Docker Hub: built everywhere. */
  readonly own?: true
}

/** The two Kubernetes versions that tests run, and the tags of their image sets where they differ. */
const versions: Readonly<Record<string, SetTags>> = {
  'v1.30.4-rancher1-1': { kubernetes: 'v1.30.4', etcd: 'v3.5.12', coredns: '1.11.1' },
  'v1.31.1-rancher1-1': { kubernetes: 'v1.31.1', etcd: 'v3.5.15', coredns: '1.11.3' },
}

interface SetTags {
  readonly kubernetes: string
  readonly etcd: string
  readonly coredns: string
}

/**
 * rke-tools tags: of the two sets, of the snapshot helper, which follows the tool's default version, and the first one whose
 * helper reads the cluster's state from the Secret; the others read it from the ConfigMap.
 */
const toolsTags = ['v0.1.100', 'v0.1.102', 'v0.1.103', 'v0.1.108']
const readsSecret = (tag: string): boolean => Number(tag.split('.').at(-1)) >= 108

export const kubernetesVersions: readonly string[] = Object.keys(versions)

/** Every image that a cluster of one Kubernetes version pulls here, and one for tests to put in pods. */
export function imageSet(version: string): ImageRecipe[] {
  const tags = versions[version]
  if (tags === undefined) return []
  return [
    testTools,
    pause,
    ...toolsTags.map(rkeTools),
    etcd(tags.etcd),
    hyperkube(tags.kubernetes),
    flannel,
    flannelCni,
    coredns(tags.coredns),
    autoscaler,
    metricsServer,
  ]
}

const module = (name: string, path: string, version: string): Program => ({
  from: 'module',
  name,
  package: path,
  version,
})
const plugin = (path: string): Program => {
  const name = path.split('/').at(-1) ?? path
  return module(name, `github.com/containernetworking/plugins/plugins/${path}`, 'v1.4.1')
}

/** Answers and asks HTTP, DNS and TCP: see images/test-tools/main.go. */
export const testTools: ImageRecipe = {
  reference: 'rancher/rke-test-tools:v1',
  dir: 'test-tools',
  programs: [{ from: 'source', name: 'test-tools', dir: 'test-tools' }],
  own: true,
}

const pause: ImageRecipe = {
  reference: 'rancher/mirrored-pause:3.7',
  dir: 'pause',
  programs: [{ from: 'c', name: 'pause', file: 'pause/pause.c' }],
}

const rkeTools = (tag: string): ImageRecipe => ({
  reference: `rancher/rke-tools:${tag}`,
  dir: 'rke-tools',
  base: true,
  programs: [
    { from: 'source', name: 'nc', dir: 'rke-tools/nc' },
    {
      from: 'source',
      name: 'rke-etcd-backup',
      dir: 'rke-tools/etcd-backup',
      ...(readsSecret(tag) && { stamp: { 'main.stateObject': 'secret' } }),
    },
    { from: 'machine', name: 'docker', path: '/usr/bin/docker' },
    { from: 'kubernetes', name: 'kubectl', package: 'k8s.io/kubernetes/cmd/kubectl', version: 'v1.31.1' },
    module('etcdctl', 'go.etcd.io/etcd/etcdctl/v3', 'v3.5.15'),
    plugin('main/loopback'),
    plugin('meta/portmap'),
  ],
})

const etcd = (version: string): ImageRecipe => ({
  reference: `rancher/mirrored-coreos-etcd:${version}`,
  dir: 'etcd',
  programs: [
    module('etcd', 'go.etcd.io/etcd/server/v3', version),
    module('etcdctl', 'go.etcd.io/etcd/etcdctl/v3', version),
    module('etcdutl', 'go.etcd.io/etcd/etcdutl/v3', version),
  ],
})

const hyperkube = (version: string): ImageRecipe => ({
  reference: `rancher/hyperkube:${version}-rancher1`,
  dir: 'hyperkube',
  base: true,
  programs: [{ from: 'kubernetes', name: 'hyperkube', package: '.', version }],
})

const flannel: ImageRecipe = {
  reference: 'rancher/mirrored-flannel-flannel:v0.25.1',
  dir: 'flannel',
  base: true,
  // v0.25 cannot be built from what the module proxy has; the flags and the configuration are the same.
  programs: [{ ...module('flanneld', 'github.com/flannel-io/flannel', 'v0.26.7'), cgo: true } as Program],
}

const flannelCni: ImageRecipe = {
  reference: 'rancher/flannel-cni:v1.4.1-rancher1',
  dir: 'flannel-cni',
  base: true,
  programs: [
    module('flannel', 'github.com/containernetworking/plugins/plugins/meta/flannel', 'v0.9.1'),
    plugin('meta/bandwidth'),
    plugin('main/bridge'),
    plugin('meta/firewall'),
    plugin('ipam/host-local'),
    plugin('main/loopback'),
    plugin('meta/portmap'),
    plugin('meta/tuning'),
  ],
}

const coredns = (tag: string): ImageRecipe => ({
  reference: `rancher/mirrored-coredns-coredns:${tag}`,
  dir: 'coredns',
  programs: [module('coredns', 'github.com/coredns/coredns', `v${tag}`)],
})

const autoscaler: ImageRecipe = {
  reference: 'rancher/mirrored-cluster-proportional-autoscaler:v1.8.9',
  dir: 'cluster-proportional-autoscaler',
  programs: [
    { from: 'source', name: 'cluster-proportional-autoscaler', dir: 'cluster-proportional-autoscaler' },
  ],
}

const metricsServer: ImageRecipe = {
  reference: 'rancher/mirrored-metrics-server:v0.7.1',
  dir: 'metrics-server',
  programs: [module('metrics-server', 'sigs.k8s.io/metrics-server/cmd/metrics-server', 'v0.7.1')],
}

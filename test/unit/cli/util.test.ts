import { readdir, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { ALL_ROLES, TWO_NODES } from '../operations/clusters.ts'
import { useClusters } from './use-clusters.ts'

const STATE = 'cluster.rkestate'
const KUBECONFIG = 'kube_config_cluster.yml'
const clock = () => new Date('2026-03-01T10:00:00Z')
const ASIDE = '.2026-03-01T10-00-00Z.bak'
const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'kube-system',
  name: 'full-cluster-state',
} as const

const clusters = useClusters()

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe('rke util get-state-file', () => {
  test('brings back a lost state and kubeconfig, after which there is nothing to do', async () => {
    const home = await clusters.up(TWO_NODES)
    const before = await home.read(STATE)
    await home.delete(STATE)
    await home.delete(KUBECONFIG)
    expect((await home.rke('up')).out).toContain('rke util get-state-file')
    const { code, out } = await home.rke('util get-state-file')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('from the Secret kube-system/full-cluster-state, through 10.66.0.11')
    expect(await home.read(STATE)).toBe(before)
    expect(await modeOf(home.path(STATE))).toBe(0o600)
    expect(await modeOf(home.path(KUBECONFIG))).toBe(0o600)
    expect((await home.rke('plan')).code).toBe(0)
  })

  test('keeps another state that is there, even a damaged one, under another name', async () => {
    const home = await clusters.up(TWO_NODES)
    const before = await home.read(STATE)
    for (const [index, text] of ['{"half a', before.replace('"local"', '"other"')].entries()) {
      await home.write(text, STATE)
      const { code, out } = await home.rke('util get-state-file', 'home', clock)
      expect({ code, out }).toMatchObject({ code: 0 })
      expect(await home.read(STATE)).toBe(before)
      const name = `${STATE}${index === 0 ? ASIDE : ASIDE.replace('.bak', '-2.bak')}`
      expect(await home.read(name)).toBe(text)
      expect(out).toContain(name)
    }
  })

  test('leaves a state alone that is the cluster’s', async () => {
    const home = await clusters.up(TWO_NODES)
    const files = await readdir(home.path('.'))
    expect((await home.rke('util get-state-file')).out).toContain('Nothing to do')
    expect(await readdir(home.path('.'))).toEqual(files)
  })

  test('reads the ConfigMap of old releases', async () => {
    const home = await clusters.up(TWO_NODES)
    const before = await home.read(STATE)
    home.kube.delete(SECRET)
    const { kind: _, name, namespace, apiVersion } = SECRET
    home.kube.create({
      apiVersion,
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { [name]: before },
    } as Parameters<typeof home.kube.create>[0])
    await home.delete(STATE)
    expect((await home.rke('util get-state-file')).out).toContain(
      'from the ConfigMap kube-system/full-cluster-state',
    )
    const withoutCopy = (text: string): unknown => ({ ...JSON.parse(text), copiesInCluster: undefined })
    expect(withoutCopy(await home.read(STATE))).toEqual(withoutCopy(before))
  })

  test('asks the next control plane node where one is gone', async () => {
    const home = await clusters.up(ALL_ROLES)
    await home.delete(STATE)
    home.world.machine('10.66.0.11').reachable = false
    const { code, out } = await home.rke('util get-state-file')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('through 10.66.0.12')
  })

  test('takes authority and keys from the nodes if no API server answers', async () => {
    const home = await clusters.up(TWO_NODES)
    const before = JSON.parse(await home.read(STATE))
    await home.delete(STATE)
    home.world.machine('10.66.0.11').docker.stop('kube-apiserver')
    const { code, out } = await home.rke('util get-state-file')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('cluster.yml is used instead')
    const { certificatesBundle } = JSON.parse(await home.read(STATE)).currentState
    for (const name of ['kube-ca', 'kube-apiserver-requestheader-ca', 'kube-service-account-token']) {
      expect(certificatesBundle[name].keyPEM, name).toBe(before.currentState.certificatesBundle[name].keyPEM)
    }
    expect((await home.rke('up')).code).toBe(0)
    expect((await home.rke('plan')).code).toBe(0)
    const after = JSON.parse(await home.read(STATE)).currentState.certificatesBundle
    expect(after['kube-ca']).toEqual(before.currentState.certificatesBundle['kube-ca'])
    expect(after['kube-apiserver']).toEqual(before.currentState.certificatesBundle['kube-apiserver'])
  })

  test('takes them from their backup on etcd nodes if the folder is lost', async () => {
    const home = await clusters.up(TWO_NODES)
    const before = JSON.parse(await home.read(STATE)).currentState.certificatesBundle
    await home.delete(STATE)
    const { docker, disk } = home.world.machine('10.66.0.11')
    docker.stop('kube-apiserver')
    const ssl = '/etc/kubernetes/ssl/'
    const backup = pack()
    for (const path of disk.below(ssl.slice(0, -1))) {
      backup.entry({ name: `./${path.slice(ssl.length)}` }, disk.read(path) ?? '')
      disk.remove(path)
    }
    backup.finalize()
    disk.write('/opt/rke/etcd-snapshots/pki.bundle.tar.gz', gzipSync(await buffer(backup)))
    const { code, out } = await home.rke('util get-state-file')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('from the backup of certificates 10.66.0.11')
    const { certificatesBundle } = JSON.parse(await home.read(STATE)).currentState
    expect(certificatesBundle['kube-ca']).toEqual(before['kube-ca'])
  })

  test('says what is in the way where nothing is found, and writes nothing', async () => {
    const made = await clusters.of(TWO_NODES)
    const { code, out } = await made.rke('util get-state-file')
    expect(code).toBe(16)
    expect(out).toContain('10.66.0.11: the node has no certificates of a cluster')
    expect(out).toContain('kube-ca.pem was not found')
    expect(await readdir(made.path('.'))).toEqual(['cluster.yml'])
  })
})

describe('rke util get-kubeconfig', () => {
  test('writes the kubeconfig of the state, for its owner alone', async () => {
    const home = await clusters.up(TWO_NODES)
    const before = await home.read(KUBECONFIG)
    await home.delete(KUBECONFIG)
    const { code, out } = await home.rke('util get-kubeconfig')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(await home.read(KUBECONFIG)).toBe(before)
    expect(await modeOf(home.path(KUBECONFIG))).toBe(0o600)
    expect((await home.rke('util get-kubeconfig')).out).toContain('Nothing to do')
  })

  test('leads to the first control plane node that answers, and keeps the file that was there', async () => {
    const home = await clusters.up(ALL_ROLES)
    const before = await home.read(KUBECONFIG)
    home.world.machine('10.66.0.11').docker.stop('kube-apiserver')
    const { code, out } = await home.rke('util get-kubeconfig', 'home', clock)
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('Control plane host [10.66.0.11] does not answer')
    expect(await home.read(KUBECONFIG)).toContain('server: "https://10.66.0.12:6443"')
    expect(await home.read(`${KUBECONFIG}${ASIDE}`)).toBe(before)
  })

  test('leads to the first of all, with warnings, where none answers', async () => {
    const home = await clusters.up(TWO_NODES)
    home.world.machine('10.66.0.11').docker.stop('kube-apiserver')
    await home.delete(KUBECONFIG)
    const { code, out } = await home.rke('util get-kubeconfig')
    expect(code).toBe(0)
    expect(out).toMatch(/level=warning.*10\.66\.0\.11/)
    expect(await home.read(KUBECONFIG)).toContain('https://10.66.0.11:6443')
  })

  test('fails without a state, or with one that was never applied', async () => {
    const made = await clusters.of(TWO_NODES)
    expect(await made.rke('util get-kubeconfig')).toMatchObject({
      code: 16,
      out: expect.stringContaining('rke util get-state-file'),
    })
    await made.rke('up --init')
    expect(await made.rke('util get-kubeconfig')).toMatchObject({
      code: 16,
      out: expect.stringContaining('holds no cluster that was brought up'),
    })
  })
})

describe('rke version', () => {
  test('prints what the API server says, as RKE does, and nothing else on standard output', async () => {
    const home = await clusters.up(TWO_NODES)
    const { code, out } = await home.rke('version')
    expect(code).toBe(0)
    expect(out).toBe(
      'Server Version: version.Info{Major:"1", Minor:"30", GitVersion:"v1.30.4", ' +
        'GitCommit:"a51b3b711150f57ffc1f526a640ec058514ed596", GitTreeState:"clean", ' +
        'BuildDate:"2024-08-14T19:02:46Z", GoVersion:"go1.22.5", Compiler:"gc", Platform:"linux/amd64"}\n',
    )
  })

  test('needs no cluster file', async () => {
    const home = await clusters.up(TWO_NODES)
    await home.delete('cluster.yml')
    expect((await home.rke('version')).code).toBe(0)
  })

  test.each([
    ['there is no kubeconfig', undefined, 16, 'cannot find the kubeconfig'],
    ['it is none', '{', 18, 'it is not YAML'],
    ['it is that of somebody else', 'current-context: x\n', 18, 'it names no server'],
  ])('fails with a way out if %s', async (_, text, failure, message) => {
    const made = await clusters.of(TWO_NODES)
    if (text !== undefined) await made.write(text, KUBECONFIG)
    const { code, out, err } = await made.rke('version')
    expect({ code, out }).toEqual({ code: failure, out: '' })
    expect(err).toContain(message)
    expect(err).toContain('rke util get-kubeconfig')
  })

  test('says which server does not answer', async () => {
    const home = await clusters.up(TWO_NODES)
    home.world.machine('10.66.0.11').docker.stop('kube-apiserver')
    const { code, err } = await home.rke('version')
    expect(code).toBe(14)
    expect(err).toContain('the Kubernetes API at 10.66.0.11:6443 does not answer')
  })
})

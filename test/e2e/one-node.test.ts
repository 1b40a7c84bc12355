import { readFile, stat, writeFile } from 'node:fs/promises'
import { dump } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../testbed/wait-until.ts'
import { openCompany } from '../unit/pki/own-ca.ts'
import { allRoles, clusterFile, type Fields, nodeOf, WITHOUT_METRICS } from './support/cluster-file.ts'
import { dockerEvents, machineTime } from './support/docker-events.ts'
import { objectVersions } from './support/everything.ts'
import { readyNodes } from './support/kube.ts'
import { nodeFacts } from './support/kube-nodes.ts'
import { shell } from './support/machine-shell.ts'
import { type MachineState, machineChanges, machineState } from './support/machine-state.ts'
import { at, useEmptyMachines } from './support/machines.ts'
import { executableWith } from './support/metadata-executable.ts'
import { secretsOfState } from './support/printed-secrets.ts'
import { serveText, type TextServer } from './support/text-server.ts'
import { type Plan, Workspace } from './support/workspace.ts'

const VERSION = 'v1.31.1-rancher1-1'
const SNAPSHOT = '/opt/rke/etcd-snapshots/kept'

const [configMap = '', fromFile = '', fromUrl = ''] = ['inline', 'from-file', 'from-url'].map((name) =>
  dump({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { name } }),
)

const company = openCompany()
const machines = useEmptyMachines(1, VERSION)
let workspace: Workspace
let web: TextServer
let empty: MachineState
let firstPlan: Plan
let planned: MachineState

beforeAll(async () => {
  const machine = at(machines, 0)
  web = await serveText(fromUrl)
  workspace = await Workspace.create(fileWith({}))
  await workspace.write('addon.yaml', fromFile)
  empty = await machineState(machine)
  firstPlan = await workspace.plan('--out', 'plan.json')
  planned = await machineState(machine)
  await workspace.succeed('up', '--plan', 'plan.json')
})

afterAll(async () => {
  company.close()
  await web?.[Symbol.asyncDispose]()
  await workspace?.[Symbol.asyncDispose]()
})

describe('a plan for a new cluster', () => {
  it('says what there is to do by its exit code, and does none of it', () => {
    expect(firstPlan.exitCode).toBe(2)
    expect(firstPlan.actions.length).toBeGreaterThan(20)
    expect(machineChanges(empty, planned)).toEqual([])
  })
})

describe('a plan file', () => {
  it('holds no secret of the cluster that was built from it', async () => {
    const text = await readFile(workspace.path('plan.json'), 'utf8')
    const state = await workspace.state()
    const secrets = state === undefined ? [] : [...secretsOfState(state)]
    expect(secrets.length).toBeGreaterThan(10)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })

  it('is done once: then it is refused, and nothing is touched', async () => {
    const since = await machineTime(at(machines, 0))
    const { exitCode, stdout } = await workspace.rke(['up', '--plan', 'plan.json'])
    expect(exitCode).not.toBe(0)
    expect(stdout).toContain('the state has changed: another run has been there since')
    expect(await dockerEvents(at(machines, 0), since)).toEqual([])
  })

  it('is refused after an edit of cluster.yml, and done when that is taken back', async () => {
    await workspace.write('cluster.yml', fileWith({ addon_job_timeout: 130 }))
    expect(await workspace.plan('--out', 'plan.json')).toMatchObject({ exitCode: 2 })
    await workspace.write('cluster.yml', fileWith({ addon_job_timeout: 131 }))
    expect((await workspace.rke(['up', '--plan', 'plan.json'])).stdout).toContain('cluster.yml has changed')
    await workspace.write('cluster.yml', fileWith({ addon_job_timeout: 130 }))
    await workspace.succeed('up', '--plan', 'plan.json')
    await workspace.write('cluster.yml', fileWith({}))
    await workspace.succeed('up')
  })
})

describe('a new cluster', () => {
  it('has a file of which config validate says that it is valid, by its name as well', async () => {
    const { stdout } = await workspace.succeed('config', 'validate', 'cluster.yml')
    expect(stdout).toBe('cluster.yml is valid')
  })

  it('is the reason for what is done in it, not an API that does not answer', () => {
    const reasons = firstPlan.actions.flatMap(({ because }) => because)
    expect(reasons).toContain('new cluster')
    expect(reasons.filter((reason) => /asked|answer/.test(reason))).toEqual([])
  })
})

describe('a cluster of one node with all roles', () => {
  it('is ready after the first up', async () => {
    expect(await readyNodes(workspace.kube())).toEqual([at(machines, 0).address])
  })

  it('has the addons of the user: inline, from a file and from a URL', async () => {
    const { items } = await workspace.kube().core.listNamespacedConfigMap({ namespace: 'default' })
    const names = items.map(({ metadata }) => metadata?.name)
    expect(names).toEqual(expect.arrayContaining(['inline', 'from-file', 'from-url']))
  })

  it('keeps state and kubeconfig where only their owner can read them', async () => {
    for (const file of ['cluster.rkestate', 'kube_config_cluster.yml']) {
      expect((await stat(workspace.path(file))).mode & 0o777, file).toBe(0o600)
    }
  })

  it('needs nothing: the plan is empty and the exit code 0', async () => {
    const result = await workspace.rke(['plan'])
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: 'Nothing to do: the cluster is as cluster.yml says.',
    })
  })
})

describe('a second up', () => {
  it('changes nothing: no container, no object, no node, no file', async () => {
    const machine = at(machines, 0)
    const kube = workspace.kube()
    const look = async () => ({
      objects: await objectVersions(kube),
      nodes: await nodeFacts(kube),
      machine: await machineState(machine),
      state: await readFile(workspace.path('cluster.rkestate'), 'utf8'),
      stateChanged: (await stat(workspace.path('cluster.rkestate'))).mtimeMs,
      kubeconfigChanged: (await stat(workspace.path('kube_config_cluster.yml'))).mtimeMs,
    })
    const before = await look()
    const since = await machineTime(machine)
    await workspace.succeed('up')
    expect(await dockerEvents(machine, since)).toEqual([])
    const { machine: machineAfter, ...after } = await look()
    const { machine: machineBefore, ...wanted } = before
    expect(after).toEqual(wanted)
    expect(machineChanges(machineBefore, machineAfter).filter(isNoPod)).toEqual([])
  })
})

describe('an rke executable with the metadata of a release', () => {
  const label = async () =>
    (await workspace.kube().apps.readNamespacedDeployment({ name: 'coredns', namespace: 'kube-system' }))
      .metadata?.labels?.['from-a-document']
  const rke = (...args: readonly string[]) =>
    workspace.rke(args, { under: ['env', `XDG_DATA_HOME=${workspace.path('data')}`] })

  it('is imported, and what it says of the addons is left as it is where the cluster has the same', async () => {
    await writeFile(workspace.path('rke'), await executableWith(workspace.kube(), ''))
    expect(await rke('metadata', 'import', 'rke')).toMatchObject({ exitCode: 0 })
    const { exitCode, stderr, stdout } = await rke('plan')
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
    expect(stdout + stderr).toMatch(
      /Images and flags of v1\.31\.1-rancher1-1, and manifests of add-ons that it has templates of: imported [0-9a-f]{12} from .*\/rke/,
    )
  })

  it('has templates, which are rendered and applied: with a document that is named for one run', async () => {
    const change = '    from-a-document: "{{ .RBACConfig }}"'
    await writeFile(workspace.path('other'), await executableWith(workspace.kube(), change))
    const { exitCode, stdout } = await rke('up', '--metadata', 'other')
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
    expect(await label()).toBe('rbac')
    expect(await rke('plan', '--metadata', 'other')).toMatchObject({ exitCode: 0 })
  })

  it('counts no more once it is removed: the manifests that are built in come back', async () => {
    const listed: readonly { readonly sha256: string }[] = JSON.parse(
      (await rke('metadata', 'list', '--output', 'json')).stdout,
    )
    expect(await rke('metadata', 'remove', ...listed.map(({ sha256 }) => sha256))).toMatchObject({
      exitCode: 0,
    })
    expect(await rke('up')).toMatchObject({ exitCode: 0 })
    expect(await label()).toBeUndefined()
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('an option that an addon reads only once', () => {
  it('counts when it is changed: there are as many DNS servers as it asks for', async () => {
    const autoscaler = { name: 'coredns-autoscaler', namespace: 'kube-system' }
    const { core } = workspace.kube()
    await waitUntil(
      'the autoscaler to write down what it read',
      async () =>
        core.readNamespacedConfigMap(autoscaler).then(
          () => true,
          () => false,
        ),
      60_000,
    )
    await workspace.write('cluster.yml', fileWith({ dns: { linear_autoscaler_params: { min: 2 } } }))
    await workspace.succeed('up')
    await waitUntil(
      'two replicas of CoreDNS',
      async () => {
        const coredns = { name: 'coredns', namespace: 'kube-system' }
        return (await workspace.kube().apps.readNamespacedDeployment(coredns)).spec?.replicas === 2
      },
      60_000,
    )
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('manifests of the user that cannot be had or applied', () => {
  const mapOf = (name: string, more: object) =>
    dump({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, ...more })
  const dataOf = async (name: string) =>
    (await workspace.kube().core.readNamespacedConfigMap({ name, namespace: 'default' })).data

  it('are left out, and all else is done: a dead URL, no YAML, generateName', async () => {
    const addons = [
      mapOf('inline', { data: { name: 'changed' } }),
      'just: [some\n',
      'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: once-}\nspec: {}\n',
    ].join('---\n')
    const include = ['./addon.yaml', web.url, 'http://127.0.0.1:1/gone.yaml']
    await workspace.write('cluster.yml', fileWith({ addons, addons_include: include }))
    const { exitCode, stdout } = await workspace.rke(['up'])
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 4 })
    expect(stdout).toContain('Not applied: addons_include: http://127.0.0.1:1/gone.yaml cannot be read')
    expect(stdout).toContain('Finished building Kubernetes cluster successfully')
    expect(await dataOf('inline')).toEqual({ name: 'changed' })
    expect(await workspace.plan()).toMatchObject({ exitCode: 4, actions: [] })
  })

  it('are a warning where the cluster refuses them, and what comes after them is done', async () => {
    const addons = mapOf('refused', { data: { 'no key': 'of a ConfigMap' } })
    await workspace.write('addon.yaml', mapOf('from-file', { data: { name: 'changed' } }))
    await workspace.write('cluster.yml', fileWith({ addons }))
    const { exitCode, stdout } = await workspace.rke(['up'])
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 4 })
    expect(stdout).toMatch(/Not applied: deploy addon rke-user-addon: .*is invalid: data\[no key\]/)
    expect(await dataOf('from-file')).toEqual({ name: 'changed' })
    await workspace.write('cluster.yml', fileWith({}))
    await workspace.succeed('up')
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

describe('an elliptic intermediate CA of the user’s own, in the place of the one that the cluster has', () => {
  const SSL = '/etc/kubernetes/ssl'
  const onMachine = (command: string): Promise<string> => shell(at(machines, 0), command)

  it('is taken in stages, with its key outside of the cluster, and then nothing is left to do', async () => {
    const root = company.authority('Root', { curve: 'secp384r1' })
    const issuing = company.authority('Issuing', { by: 'Root', curve: 'prime256v1' })
    await workspace.write('ca.pem', `${issuing}${root}`)
    await workspace.write('ca.key', company.key('Issuing'))
    await workspace.write('cluster.yml', fileWith({ certificates: { ca_key: 'external' } }))
    const rotate = ['cert', 'rotate', '--rotate-ca', '--yes']
    const begun = performance.now()
    const { stdout } = await workspace.succeed(...rotate, '--ca-cert', 'ca.pem', '--ca-key', 'ca.key')
    console.log('seconds to another CA', Math.round((performance.now() - begun) / 1000))
    expect(stdout).not.toContain('RKE reads RSA keys only')
    expect(await onMachine(`cat ${SSL}/kube-ca.pem`)).toBe(`${issuing}${root}`)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    await workspace.succeed('cert', 'check')
  })

  it('issues for servers that send it along, and its key is nowhere', async () => {
    const [leaf = '', ...behind] = certificatesIn(await onMachine(`cat ${SSL}/kube-apiserver.pem`))
    expect(behind).toEqual([company.certificate('Issuing')])
    expect(company.verify(leaf, company.certificate('Root'), behind.join(''), 'sslserver')).toContain('OK')
    expect(await onMachine(`find ${SSL} -name kube-ca-key.pem`)).toBe('')
    const [, line = ''] = company.key('Issuing').split('\n')
    expect(workspace.printedSecrets(line)).toEqual([])
    expect(JSON.stringify(await workspace.state())).not.toContain(line)
  })

  it('is trusted by what runs: the node, pods that came later, and kubelets that are asked for logs', async () => {
    const { core } = workspace.kube()
    expect(await readyNodes(workspace.kube())).toEqual([at(machines, 0).address])
    const { items } = await core.listNamespacedPod({
      namespace: 'kube-system',
      labelSelector: 'k8s-app=kube-dns',
    })
    const name = items[0]?.metadata?.name ?? ''
    expect(await core.readNamespacedPodLog({ name, namespace: 'kube-system' })).toContain('CoreDNS')
  })
})

describe('remove', () => {
  it('leaves the machine as it was before the first up, but for snapshots', async () => {
    const machine = at(machines, 0)
    await shell(machine, `echo snapshot > ${SNAPSHOT}`)
    await workspace.succeed('remove', '--force')
    expect(machineChanges(empty, await machineState(machine))).toEqual([
      'files: + -rw-r--r-- 0:0 /opt/rke/etcd-snapshots/kept',
      'files: + drwxr-xr-x 0:0 /opt/rke',
      'files: + drwxr-xr-x 0:0 /opt/rke/etcd-snapshots',
    ])
    expect(await workspace.state()).toBeUndefined()
    await expect(stat(workspace.path('kube_config_cluster.yml'))).rejects.toThrow('ENOENT')
  })

  it('can be repeated, and takes the snapshots, too, if that is asked', async () => {
    await workspace.write('cluster.yml', fileWith({}))
    await workspace.succeed('remove', '--force')
    await workspace.succeed('remove', '--force', '--snapshots')
    expect(machineChanges(empty, await machineState(at(machines, 0)))).toEqual([])
  })

  it('can be followed by up at once, which makes another cluster', async () => {
    await workspace.succeed('up')
    expect(await readyNodes(workspace.kube())).toEqual([at(machines, 0).address])
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

function fileWith(more: Fields): string {
  return clusterFile([nodeOf(at(machines, 0), allRoles)], VERSION, {
    ...WITHOUT_METRICS,
    addons: configMap,
    addons_include: ['./addon.yaml', web.url],
    ...more,
  })
}

const certificatesIn = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n/g) ?? []

/** Pods come and go by themselves, and so do programs that kubelet and kube-proxy run. */
function isNoPod(change: string): boolean {
  return !/kubelet\/pods|\/var\/log\/(pods|containers)|\/run\/|veth|cni|packet filter rules|^programs/.test(
    change,
  )
}

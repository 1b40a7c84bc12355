import { X509Certificate } from 'node:crypto'
import { copyFile, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckedCertificate } from '../../src/pki/check/certificate-check.ts'
import { parseState, serialiseState } from '../../src/state/state-json.ts'
import { recordedByRke, rotatedByRke } from '../sim/rke-rotation.ts'
import { waitUntil } from '../testbed/wait-until.ts'
import { askOnce, identityFrom } from './support/ask.ts'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { type Constantly, constantly } from './support/constantly.ts'
import { stepEvent } from './support/events.ts'
import { shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { putCertificates } from './support/old-certificates.ts'
import { type OpenWatch, openWatch } from './support/open-watch.ts'
import { lastLines, type RkeEvent } from './support/rke-process.ts'
import { type Containers, startsOf, touched } from './support/touched-containers.ts'
import { withoutSsh } from './support/unreachable.ts'
import { WebClients } from './support/web-clients.ts'
import { Workspace } from './support/workspace.ts'

/**
 * Three nodes with all roles: their certificates are checked, and renewed under load, by runs that are killed, for some services, past
 * a node that cannot be reached, and after RKE was killed in a rotation of its own.
 */

const VERSION = 'v1.31.1-rancher1-1'
const SSL = '/etc/kubernetes/ssl'

const machines = useMachines(3, VERSION)
let workspace: Workspace

beforeAll(async () => {
  workspace = await Workspace.create(
    clusterFile(
      machines.map((machine) => nodeOf(machine, allRoles)),
      VERSION,
      {
        services: {
          kubeproxy: { extra_args: { 'conntrack-max-per-core': '0' } },
          kubelet: { generate_serving_certificate: true },
        },
      },
    ),
  )
  await workspace.succeed('up')
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

/** What `rke cert check --output json` prints, which tests look at. */
interface Report {
  readonly exitCode: number | undefined
  readonly verdict: string
  readonly certificates: readonly CheckedCertificate[]
  readonly problems: readonly {
    readonly severity: string
    readonly node?: string
    readonly message: string
  }[]
  readonly unreachable: readonly { readonly host: string }[]
}

async function check(...args: readonly string[]): Promise<Report> {
  const result = await workspace.rke(['cert', 'check', '--output', 'json', ...args])
  if (![0, 1, 2].includes(result.exitCode ?? -1)) {
    throw new TypeError(`rke cert check ended with ${result.exitCode}:\n${lastLines(result)}`)
  }
  return { exitCode: result.exitCode, ...JSON.parse(result.stdout) }
}

describe('rke cert check', () => {
  it('finds every certificate in the state, on each node and on each port, and no difference', async () => {
    const { exitCode, certificates, problems, unreachable } = await check()
    expect({ exitCode, problems, unreachable }).toEqual({ exitCode: 0, problems: [], unreachable: [] })
    const addresses = machines.map(({ address }) => address)
    const portsOf = (name: string, kind = 'cluster') =>
      certificates
        .filter((one) => one.name === name && one.kind === kind)
        .flatMap(({ served }) => served.map(({ node, port }) => `${node}:${port}`))
        .sort()
    const onAll = (port: number) => addresses.map((address) => `${address}:${port}`).sort()
    expect(portsOf('kube-apiserver')).toEqual(onAll(6443))
    expect(portsOf('kube-controller-manager', 'own')).toEqual(onAll(10257))
    expect(portsOf('kube-scheduler', 'own')).toEqual(onAll(10259))
    for (const address of addresses) {
      const node = address.replaceAll('.', '-')
      expect(portsOf(`kube-etcd-${node}`)).toEqual([`${address}:2379`, `${address}:2380`])
      expect(portsOf(`kube-kubelet-${node}`)).toEqual([`${address}:10250`])
    }
    const shipped = certificates.filter(({ name, inState }) => inState && name !== 'kube-admin')
    expect(
      new Set(shipped.filter(({ name }) => !name.startsWith('kube-kubelet')).map((one) => one.files.length)),
    ).toEqual(new Set([3]))
  })

  it('names a file that was replaced by hand, and what still serves the one before', async () => {
    const { address, name } = at(machines, 1)
    const machine = { name }
    const own = `kube-kubelet-${address.replaceAll('.', '-')}`
    await shell(
      machine,
      `cd ${SSL} && cp -p kube-scheduler.pem /root/ && cp kube-proxy.pem kube-scheduler.pem`,
    )
    await shell(machine, `cd ${SSL} && cp -p ${own}.pem /root/ && cp kube-proxy.pem ${own}.pem`)
    const { exitCode, problems } = await check()
    expect(exitCode).toBe(1)
    expect(new Set(problems.map(({ node }) => node))).toEqual(new Set([address]))
    expect(problems.map(({ message }) => message.split(/, |: /)[0])).toEqual([
      `the file ${own}.pem is not the certificate of the state`,
      `the file ${own}-key.pem does not belong to ${own}.pem beside it`,
      'the file kube-scheduler.pem is not the certificate of the state',
      'the file kube-scheduler-key.pem does not belong to kube-scheduler.pem beside it',
      `kubelet serves another certificate on port 10250 than ${own}.pem holds`,
    ])
    await shell(machine, `cd ${SSL} && cp -p /root/kube-scheduler.pem /root/${own}.pem .`)
    expect((await check()).exitCode).toBe(0)
  })

  it('names what does not answer, and goes on', async () => {
    const { name, address } = at(machines, 2)
    await shell({ name }, 'docker stop -t 1 kube-scheduler')
    const { exitCode, problems } = await check()
    expect(exitCode).toBe(0)
    expect(problems).toMatchObject([{ severity: 'warning', node: address }])
    expect(problems[0]?.message).toMatch(/^kube-scheduler shows no certificate on port 10259: /)
    await shell({ name }, 'docker start kube-scheduler')
  })

  it('ends with 2 where something ends soon, and needs no machine for the state alone', async () => {
    const { exitCode, certificates } = await check('--state-only', '--warn-days', '4000')
    expect(exitCode).toBe(2)
    expect(certificates.every(({ files, served }) => files.length + served.length === 0)).toBe(true)
  })

  it('leaves nothing on a machine, and nothing to do', async () => {
    for (const { name } of machines) {
      expect(await shell({ name }, "docker ps -a --format '{{.Names}}' | grep -c rke- || true")).toBe('0\n')
    }
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })
})

const RESTARTED = ['kube-controller-manager', 'kube-proxy', 'kube-scheduler', 'kubelet']

describe('a rotation of all certificates by runs that are killed', () => {
  let web: WebClients
  let clients: readonly Constantly[]
  let watch: OpenWatch
  let before: Containers
  let former: X509Certificate

  beforeAll(async () => {
    web = await WebClients.start(workspace, at(machines, 0))
    await copyFile(workspace.path('kube_config_cluster.yml'), workspace.path('former'))
    const identity = identityFrom(workspace.path('former'))
    former = new X509Certificate(identity.cert)
    clients = machines.map(({ address }) =>
      constantly(250, () => askOnce(`https://${address}:6443/api/v1/namespaces/default`, identity)),
    )
    watch = await openWatch(at(machines, 1).address, identity)
    before = await startsOf(machines)
  })

  afterAll(async () => {
    watch?.close()
    await Promise.all([...(clients ?? []).map((client) => client.stop()), web?.stop()])
  })

  it('is finished by the next one, one component on one node after the other, and names the old client certificate', async () => {
    await killed(stepEvent('done', 'files.upload'), 'cert', 'rotate')
    await killed(
      stepEvent('started', 'container.restart', 'restart/kube-controller-manager'),
      'cert',
      'rotate',
    )
    await killed(stepEvent('done', 'container.restart', 'restart/kubelet'), 'cert', 'rotate')
    const { stdout, events } = await timed('rotate', () =>
      workspace.succeed('cert', 'rotate', '--output', 'json'),
    )
    expect(mostAtOnce(events)).toBe(1)
    expect(stdout).toContain(
      `(serial ${former.serialNumber}) ends on ${former.validToDate.toISOString().slice(0, 10)}`,
    )
  })

  it('loses no request, and ends no watch', async () => {
    web.expectNoLoss()
    for (const client of clients) {
      const { made, failures } = client.take()
      expect(made).toBeGreaterThan(50)
      expect(failures).toEqual([])
    }
    const metadata = { name: 'after-the-rotation' }
    await workspace.kube().core.createNamespacedConfigMap({ namespace: 'default', body: { metadata } })
    await waitUntil('the watch to show it', async () => watch.seen().has(metadata.name), 10_000)
    expect(watch.ended()).toBeUndefined()
  })

  it('restarts those that read their files only when they start, and neither etcd nor API servers', async () => {
    expect(touched(before, await startsOf(machines))).toEqual(everywhere(...RESTARTED))
  })

  it('leaves nothing to do, and no difference anywhere', async () => {
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    expect(await check()).toMatchObject({ exitCode: 0, problems: [] })
    const renewed = new X509Certificate(identityFrom(workspace.path('kube_config_cluster.yml')).cert)
    expect(renewed.serialNumber).not.toBe(former.serialNumber)
  })
})

describe('a rotation for some services', () => {
  it('renews the certificates of kubelets, and restarts nothing else', async () => {
    const before = await startsOf(machines)
    await timed('rotate kubelets', () => workspace.succeed('cert', 'rotate', '--service', 'kubelet'))
    expect(touched(before, await startsOf(machines))).toEqual(everywhere('kubelet'))
    expect(await check()).toMatchObject({ exitCode: 0, problems: [] })
  })

  it('changes nothing while a node cannot be reached, unless that may be left out, which then gets its certificates later', async () => {
    const rotate = ['cert', 'rotate', '--service', 'kube-scheduler', '--service', 'kube-proxy']
    const last = at(machines, 2)
    const before = await startsOf(machines)
    const skipped = await withoutSsh(last, async () => {
      const refused = await workspace.rke(rotate)
      expect(refused.exitCode).not.toBe(0)
      expect(refused.stdout + refused.stderr).toContain('--skip-unreachable')
      expect(touched(before, await startsOf(machines))).toEqual([])
      return workspace.rke([...rotate, '--skip-unreachable'])
    })
    expect(skipped.exitCode).not.toBe(0)
    expect(skipped.stdout + skipped.stderr).toContain(last.address)
    const { exitCode, problems } = await check()
    expect(exitCode).toBe(1)
    expect(problems.filter(({ node }) => node !== undefined).map(({ node }) => node)).toContain(last.address)
    await workspace.succeed(...rotate)
    expect(touched(before, await startsOf(machines))).toEqual(everywhere('kube-proxy', 'kube-scheduler'))
    expect(await check()).toMatchObject({ exitCode: 0, problems: [] })
  })
})

describe('a rotation of RKE that was killed', () => {
  it('before nodes had the files is finished by cert rotate, with what RKE has issued', async () => {
    const issued = await asKilledRkeLeavesIt('kube-scheduler', false)
    const before = await startsOf(machines)
    const { stdout } = await workspace.succeed('cert', 'rotate', '--service', 'kube-scheduler')
    expect(stdout).toContain('Finished an earlier rotation, without issuing again: kube-scheduler')
    expect(touched(before, await startsOf(machines))).toEqual(everywhere('kube-scheduler'))
    expect((await workspace.state())?.currentState.certificatesBundle?.['kube-scheduler']).toEqual(issued)
  })

  it('before it had restarted anything is finished by up, though its state says that it is done', async () => {
    const issued = await asKilledRkeLeavesIt('kube-proxy', true)
    const before = await startsOf(machines)
    await workspace.succeed('up')
    expect(touched(before, await startsOf(machines))).toEqual(everywhere('kube-proxy'))
    expect((await workspace.state())?.currentState.certificatesBundle?.['kube-proxy']).toEqual(issued)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    expect(await check()).toMatchObject({ exitCode: 0, problems: [] })
    console.log('seconds', took)
  })
})

it('prints no private key', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

const took: Record<string, number> = {}

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  const result = await run()
  took[what] = Math.round((performance.now() - begun) / 1000)
  return result
}

/** These containers on all machines, as `touched` names them. */
function everywhere(...names: readonly string[]): readonly string[] {
  return machines.flatMap(({ address }) => names.map((name) => `${address}/${name}`)).sort()
}

async function killed(killAt: (event: RkeEvent) => boolean, ...command: readonly string[]): Promise<void> {
  const result = await workspace.rke([...command, '--output', 'json'], { killAt })
  expect(result.triggered, lastLines(result)).toBe(true)
}

/** How many components are restarted and not healthy yet, at most. */
function mostAtOnce(events: readonly RkeEvent[]): number {
  const open = new Set<string>()
  let most = 0
  for (const { type, kind, step = '' } of events) {
    if (type === 'started' && kind === 'container.restart') open.add(step.replace('/restart/', '/health/'))
    if (type === 'done' && kind === 'service.health') open.delete(step)
    most = Math.max(most, open.size)
  }
  return most
}

/**
 * Leaves state and nodes as RKE does that is killed while it rotates the certificates of a service, which have its name: before nodes have
 * the files, or before anything is restarted. Gives what it has issued.
 */
async function asKilledRkeLeavesIt(service: string, hasFiles: boolean): Promise<unknown> {
  const path = workspace.path('cluster.rkestate')
  const rotated = await rotatedByRke(parseState(await readFile(path, 'utf8'), path), { services: [service] })
  const { rkeConfig, certificatesBundle = {} } = rotated.desiredState
  await workspace.write('cluster.rkestate', serialiseState(hasFiles ? recordedByRke(rotated) : rotated))
  if (hasFiles && rkeConfig !== undefined) {
    await Promise.all(machines.map((machine) => putCertificates(machine, rkeConfig, certificatesBundle)))
  }
  return certificatesBundle[service]
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckedCertificate } from '../../src/pki/check/certificate-check.ts'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines } from './support/rke-process.ts'
import { Workspace } from './support/workspace.ts'

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

it('prints no private key', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

import { X509Certificate } from 'node:crypto'
import { copyFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askAgain, askOnce, type Identity, identityFrom } from './support/ask.ts'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { type Constantly, constantly } from './support/constantly.ts'
import { stepEvent } from './support/events.ts'
import { readyNodes } from './support/kube.ts'
import { shell } from './support/machine-shell.ts'
import { at, useMachines } from './support/machines.ts'
import { lastLines, type RkeEvent } from './support/rke-process.ts'
import { tokenClient } from './support/token-client.ts'
import { WebClients } from './support/web-clients.ts'
import { webPods } from './support/web-service.ts'
import { Workspace } from './support/workspace.ts'

/**
 * Three nodes with all roles whose CA is rotated in stages, by runs that are killed, while a Service is asked, the API is asked with the
 * kubeconfig from before, and with the token of a ServiceAccount.
 */

const VERSION = 'v1.31.1-rancher1-1'
const CA_FILE = '/etc/kubernetes/ssl/kube-ca.pem'
/** How long a client may have to ask another API server again: see `watchApi`. */
const AGAIN_MS = [200, 400]

const machines = useMachines(3, VERSION)
let workspace: Workspace
let web: WebClients
let old: Constantly
let robot: Constantly
let former: Identity
const took: Record<string, number> = {}

beforeAll(async () => {
  workspace = await Workspace.create(
    clusterFile(
      machines.map((machine) => nodeOf(machine, allRoles)),
      VERSION,
    ),
  )
  await workspace.succeed('up')
  web = await WebClients.start(workspace, at(machines, 0), { withToken: true })
  await copyFile(workspace.path('kube_config_cluster.yml'), workspace.path('former'))
  former = identityFrom(workspace.path('former'))
  const urls = machines.map(({ address }) => `https://${address}:6443/api/v1/namespaces/default`)
  old = constantly(500, () => askAgain(AGAIN_MS, () => Promise.any(urls.map((url) => askOnce(url, former)))))
  robot = await tokenClient(workspace, machines, AGAIN_MS)
})

afterAll(async () => {
  await Promise.all([old?.stop(), robot?.stop(), web?.stop()])
  await workspace?.[Symbol.asyncDispose]()
})

const rotate = (...flags: readonly string[]) => ['cert', 'rotate', '--rotate-ca', '--yes', ...flags]

async function killed(killAt: (event: RkeEvent) => boolean, ...flags: readonly string[]): Promise<void> {
  const result = await workspace.rke([...rotate(...flags), '--output', 'json'], { killAt })
  expect(result.triggered, lastLines(result)).toBe(true)
}

async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
  const begun = performance.now()
  await run()
  took[what] = Math.round((performance.now() - begun) / 1000)
}

const bundle = async () => (await workspace.state())?.currentState.certificatesBundle ?? {}
const certificates = (text = '') =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []

describe('a CA that is rotated by runs that are killed', () => {
  it('stops with both trusted, for the pods of users that trust only the old one', async () => {
    await killed(stepEvent('done', 'container.restart', `${at(machines, 1).address}/restart/etcd`))
    await killed(stepEvent('started', 'container.restart', 'restart/kubelet'))
    await killed(stepEvent('done', 'root-ca.published'))
    await killed(stepEvent('done', 'container.restart', `${at(machines, 2).address}/restart/kube-apiserver`))
    let result = ''
    await timed('to stage 2', async () => {
      result = (await workspace.succeed(...rotate())).stdout
    })
    expect(result).toContain('Deployment default/web')
    expect(certificates((await bundle())['kube-apiserver']?.certificatePEM)).toHaveLength(2)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('loses no request, also of those who trust only the old one', () => {
    web.expectNoLoss()
    for (const client of [old, robot]) {
      const { made, failures } = client.take()
      expect(made).toBeGreaterThan(50)
      expect(failures).toEqual([])
    }
  })

  it('is finished when their workloads are restarted, and has RKE’s form', async () => {
    const pods = await webPods(workspace.kube())
    await old.stop()
    await killed(stepEvent('done', 'files.upload'), '--restart-workloads')
    await timed('to the end', () => workspace.succeed(...rotate('--restart-workloads')))
    expect(await webPods(workspace.kube())).not.toEqual(pods)
    const state = await bundle()
    for (const [name, entry] of Object.entries(state)) {
      expect(certificates(entry.certificatePEM), name).toHaveLength(1)
      expect(entry.keyPEM.match(/BEGIN/g), name).toHaveLength(1)
    }
    for (const machine of machines)
      expect(await shell(machine, `cat ${CA_FILE}`)).toBe(state['kube-ca']?.certificatePEM)
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
    expect(await readyNodes(workspace.kube())).toHaveLength(3)
    console.log('seconds', took)
  })

  it('loses no request of those who trust both', () => {
    web.expectNoLoss()
    const { made, failures } = robot.take()
    expect(made).toBeGreaterThan(50)
    expect(failures).toEqual([])
  })

  it('leaves nothing that trusts the old one', async () => {
    const url = `https://${at(machines, 0).address}:6443/api/v1/namespaces/default`
    await expect(askOnce(url, former)).rejects.toThrow()
    const ca = new X509Certificate((await bundle())['kube-ca']?.certificatePEM ?? '')
    expect(await shell(at(machines, 0), 'docker logs --tail 5 etcd 2>&1')).not.toContain('unknown authority')
    expect(ca.subject).toBe('CN=kube-ca')
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

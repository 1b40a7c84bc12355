import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { etcdHealth, etcdMembers } from './support/etcd.ts'
import { stepEvent } from './support/events.ts'
import { deploymentReady, readyNodes } from './support/kube.ts'
import { shell } from './support/machine-shell.ts'
import { at, useEmptyMachines } from './support/machines.ts'
import { runInPod, serve } from './support/pods.ts'
import { lastLines, type RkeEvent, type RkeResult } from './support/rke-process.ts'
import { cutConnections, restartDocker } from './support/trouble.ts'
import { Workspace } from './support/workspace.ts'

const VERSION = 'v1.31.1-rancher1-1'

const machines = useEmptyMachines(3, VERSION)
let workspace: Workspace

beforeAll(async () => {
  workspace = await Workspace.create(
    clusterFile(
      machines.map((machine) => nodeOf(machine, allRoles)),
      VERSION,
    ),
  )
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

/** Moments of a first run, in their order; each run is killed at the next. */
const moments: Readonly<Record<string, (one: RkeEvent) => boolean>> = {
  'when it has connected': ({ type }) => type === 'planned',
  'while images are pulled': stepEvent('done', 'image.pull'),
  'while files are written': stepEvent('started', 'files.upload'),
  'when the first etcd is started': stepEvent('done', 'container.create', '/etcd'),
  'when the first API server is started': stepEvent('done', 'container.create', '/kube-apiserver'),
  'when the first API server is healthy': stepEvent('done', 'service.health', '/kube-apiserver'),
  'when the state says that the control plane is applied': stepEvent('done', 'state.commit'),
  'while the first addon is deployed': stepEvent('started', 'addon.apply'),
  'while the last addon is deployed': stepEvent('progress', 'addon.apply', 'rke-metrics-addon'),
}

describe('up that is killed with SIGKILL and run again', () => {
  let authority: string | undefined
  let members: readonly string[] | undefined

  it.each(Object.keys(moments))('%s, leaves a whole state with the same CA', async (moment) => {
    const { triggered, exitCode, ...rest } = await workspace.rke(['up', '--output', 'json'], {
      killAt: (one) => moments[moment]?.(one) === true,
    })
    expect({ triggered, exitCode }, lastLines(rest)).toEqual({ triggered: true, exitCode: undefined })
    const now = await workspace.authority()
    if (authority !== undefined) expect(now).toBe(authority)
    authority = now
  })

  it('comes to a ready cluster, with nothing left to do', async () => {
    members = await etcdMembers(at(machines, 0))
    await workspace.succeed('up')
    expect(authority).toContain('PRIVATE KEY')
    expect(await workspace.authority()).toBe(authority)
    expect(await readyNodes(workspace.kube())).toEqual(machines.map(({ address }) => address))
    expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  })

  it('keeps etcd and its data: the members are those of before, all of them healthy', async () => {
    expect(members).toHaveLength(3)
    expect(await etcdMembers(at(machines, 0))).toEqual(members)
    expect(await etcdHealth(at(machines, 0))).toEqual([true, true, true])
  })

  it('leaves no helper container on any node', async () => {
    for (const machine of machines) {
      const names = (await shell(machine, "docker ps -a --format '{{.Names}}'")).trim().split('\n').sort()
      expect(names).toEqual([
        'etcd',
        'etcd-rolling-snapshots',
        'kube-apiserver',
        'kube-controller-manager',
        'kube-proxy',
        'kube-scheduler',
        'kubelet',
        'service-sidekick',
      ])
    }
  })
})

it('lets pods reach a Service of a pod on another node by its name', async () => {
  const kube = workspace.kube()
  await deploymentReady(kube, 'coredns')
  await serve(kube, 'server', { node: at(machines, 0).address })
  for (const index of [1, 2]) {
    const url = 'http://server.default.svc.cluster.local/'
    const place = { node: at(machines, index).address }
    expect(await runInPod(kube, `caller-${index}`, place, ['get', url])).toBe('server\n')
  }
})

describe('trouble during a run on a cluster that serves somebody', () => {
  it('a Docker daemon that is restarted: the next up converges', async () => {
    const machine = at(machines, 1)
    await shell(machine, 'docker rm -f kube-proxy kube-scheduler')
    const result = await workspace.rke(['up', '--output', 'json'], {
      meanwhile: { at: stepEvent('started', 'container.create'), run: () => restartDocker(machine) },
    })
    expect(result.triggered, lastLines(result)).toBe(true)
    expectSuccessOrClearError(result, machine.address)
    await expectConvergence()
  })

  it('SSH connections that are cut: the run goes on or says so, and the next up converges', async () => {
    const machine = at(machines, 2)
    await shell(machine, 'docker rm -f kube-proxy kube-scheduler')
    const result = await workspace.rke(['up', '--output', 'json'], {
      meanwhile: { at: stepEvent('started', 'container.create'), run: () => cutConnections(machine) },
    })
    expect(result.triggered, lastLines(result)).toBe(true)
    expectSuccessOrClearError(result, machine.address)
    await expectConvergence()
  })

  it('keeps the members of etcd', async () => {
    expect(await etcdHealth(at(machines, 0))).toEqual([true, true, true])
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

async function expectConvergence(): Promise<void> {
  await workspace.succeed('up')
  expect(await workspace.plan()).toMatchObject({ exitCode: 0, actions: [] })
  expect(await readyNodes(workspace.kube())).toEqual(machines.map(({ address }) => address))
}

function expectSuccessOrClearError({ exitCode, events }: RkeResult, address: string): void {
  if (exitCode === 0) return
  const failures = events.flatMap((one) => (one.type === 'error' ? (one.failures ?? []) : []))
  expect(failures).not.toEqual([])
  for (const { host, message } of failures) {
    expect(host, message).toBe(address)
    expect(message).toMatch(/connection .*(lost|closed)|does not answer/)
  }
}

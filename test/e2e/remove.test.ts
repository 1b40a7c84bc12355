import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoles, clusterFile, nodeOf } from './support/cluster-file.ts'
import { stepEvent } from './support/events.ts'
import { type MachineState, machineChanges, machineState } from './support/machine-state.ts'
import { useMachines } from './support/machines.ts'
import { lastLines } from './support/rke-process.ts'
import { Workspace } from './support/workspace.ts'

const VERSION = 'v1.30.4-rancher1-1'

const machines = useMachines(2, VERSION)
let workspace: Workspace
let empty: readonly MachineState[]

beforeAll(async () => {
  const [first, second] = machines
  if (first === undefined || second === undefined) throw new TypeError('two machines are needed')
  workspace = await Workspace.create(
    clusterFile([nodeOf(first, allRoles), nodeOf(second, ['worker'])], VERSION),
  )
  empty = await Promise.all(machines.map(machineState))
})

afterAll(() => workspace?.[Symbol.asyncDispose]())

describe('remove', () => {
  it('takes off what a killed up left, even if it is killed itself and run again', async () => {
    await killed('up', stepEvent('progress', 'addon.apply', 'rke-coredns-addon'))
    await killed('remove', stepEvent('done', 'container.remove'), '--force')
    await workspace.succeed('remove', '--force')
    expect(await changes()).toEqual([[], []])
  })

  it('takes off what an up left that was killed before anything ran', async () => {
    await killed('up', stepEvent('done', 'files.upload'))
    await workspace.succeed('remove', '--force')
    expect(await changes()).toEqual([[], []])
  })

  it('has nothing to do on machines that are clean', async () => {
    const { events } = await workspace.succeed('remove', '--force', '--output', 'json')
    const kinds = events.filter(({ type }) => type === 'done').map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind !== 'host.clean')).toEqual([])
    expect(await changes()).toEqual([[], []])
  })
})

it('prints no secret in any of these runs', () => {
  expect(workspace.printedSecrets()).toEqual([])
})

async function killed(command: string, at: ReturnType<typeof stepEvent>, ...flags: string[]): Promise<void> {
  const result = await workspace.rke([command, '--output', 'json', ...flags], { killAt: at })
  expect(result.triggered, lastLines(result)).toBe(true)
}

async function changes(): Promise<readonly (readonly string[])[]> {
  const now = await Promise.all(machines.map(machineState))
  return now.map((after, index) => machineChanges(empty[index] ?? {}, after))
}

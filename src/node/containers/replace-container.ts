import { replacedName } from '../../container-names.ts'
import { toRkeError } from '../../errors.ts'
import type { ContainerInspect, CreateRequest } from '../docker/docker-types.ts'
import type { Node } from '../node.ts'

export interface ReplaceContainer {
  readonly name: string
  readonly container: CreateRequest
  /** Seconds that the old one has to stop by itself. */
  readonly graceSeconds: number
  /** Done once the new one runs, before the old one is removed. */
  readonly meanwhile?: () => Promise<void>
}

const POLICIES = ['always', 'unless-stopped', 'on-failure'] as const

/**
 * Puts a new container in the place of the one of that name, if any: parks the old one as `old-<name>`,
 * stopped, creates and starts the new one, and removes the old one. If the new one cannot be started, the old
 * one gets its name back and is started again, and the failure is thrown. A new one that runs stays, whatever
 * fails after that, and so does the parked one, for the next run to go on from there. The image must be there.
 */
export async function replaceContainer(
  node: Node,
  replace: ReplaceContainer,
): Promise<{ readonly id: string }> {
  const { docker } = node
  const { name, container, graceSeconds, meanwhile } = replace
  const parkedName = replacedName(name)
  const old = await docker.inspectContainer(name)
  await docker.removeContainer(parkedName, { force: true, volumes: true })
  if (old !== undefined) await park(node, old, name, parkedName, graceSeconds)
  let id: string
  try {
    id = (await docker.createContainer(name, container)).id
    await docker.startContainer(id)
  } catch (error) {
    if (old !== undefined) await bringBack(node, old, name)
    throw toRkeError(error, { host: node.address, step: `replace container ${name}` })
  }
  await meanwhile?.()
  if (old !== undefined) await docker.removeContainer(old.Id, { force: true, volumes: true })
  return { id }
}

/**
 * Disables the restart policy of a parked container, which Docker would otherwise start again with itself. Only once
 * it has stopped: a running one keeps its policy, whenever this ends.
 */
async function park(
  node: Node,
  old: ContainerInspect,
  name: string,
  parkedName: string,
  graceSeconds: number,
) {
  const { docker } = node
  try {
    if (old.State.Running) await docker.stopContainer(old.Id, { graceSeconds })
    await docker.setRestartPolicy(old.Id, 'no')
    await docker.renameContainer(old.Id, parkedName)
  } catch (error) {
    await bringBack(node, old, name)
    throw error
  }
}

/** As far as it goes: what is thrown is the first failure, not one of these. */
async function bringBack(node: Node, old: ContainerInspect, name: string): Promise<void> {
  const { docker } = node
  const policy = POLICIES.find((one) => one === old.HostConfig.RestartPolicy?.Name)
  const current = await docker.inspectContainer(name).catch(() => undefined)
  const steps: (() => Promise<void>)[] = [
    async () => {
      if (current !== undefined && current.Id !== old.Id) {
        await docker.removeContainer(current.Id, { force: true, volumes: true })
      }
    },
    async () => {
      if (current?.Id !== old.Id) await docker.renameContainer(old.Id, name)
    },
    async () => {
      if (policy !== undefined) await docker.setRestartPolicy(old.Id, policy)
    },
    async () => {
      if (old.State.Running) await docker.startContainer(old.Id)
    },
  ]
  for (const step of steps) await step().catch(() => undefined)
}

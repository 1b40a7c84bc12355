import { HELPER } from '../../../container-names.ts'
import type { ContainerSpec } from '../../../desired/container-spec.ts'
import { nodeContainers } from '../../../desired/desired-node.ts'
import type { ObservedContainer } from '../../../observe/observed-container.ts'
import type { ServiceHealth } from '../../action/containers.ts'
import type { Action } from '../../action.ts'
import { ids } from '../../model/ids.ts'
import type { Candidate } from './choose-member.ts'
import { machineAt, type RecoverView } from './recover-view.ts'

/** The chosen member drops all others, and then starts as it always does, by its own container where it has one. */
export function startAlone(view: RecoverView, { node }: Candidate): readonly (readonly Action[])[] {
  const { input, config } = view
  const { address } = node
  const { facts, images, containers } = machineAt(view, address)
  const etcd = nodeContainers(input, node, facts).find(({ name }) => name === 'etcd')
  if (etcd === undefined) return []
  const found = containers.get('etcd')
  const forced = forcedContainer(found === undefined ? etcd : specOf(found))
  const helperImage = config.systemImages.alpine
  const base = { node: address, because: [{ kind: 'other-members-lost' }], after: [] } as const
  const start = {
    id: ids.container(address, 'etcd'),
    ...base,
    container: etcd,
    helperImage,
    dockerRootDir: facts.dockerRootDir,
    mayHaveOtherLinks: found === undefined,
  }
  // A container that is there has its image.
  const needed = [helperImage, ...(found === undefined ? [etcd.image] : [])]
  const missing = needed.filter((image) => !images.has(image))
  return [
    missing.map((image) => ({ kind: 'image.pull', id: ids.image(address, image), ...base, image })),
    [
      {
        kind: 'etcd.force-new-cluster',
        id: ids.recover(address, 'alone'),
        ...base,
        container: forced,
      },
    ],
    [found === undefined ? { kind: 'container.create', ...start } : { kind: 'container.start', ...start }],
    health(address, etcd),
  ]
}

function health(node: string, { health: check }: ContainerSpec): readonly ServiceHealth[] {
  if (check === undefined) return []
  return [
    {
      kind: 'service.health',
      id: ids.health(node, 'etcd'),
      node,
      name: 'etcd',
      check,
      interruptible: true,
      because: [{ kind: 'started-in-this-run' }],
      after: [],
    },
  ]
}

/** A member as its container runs it, but once, and alone. */
function forcedContainer({ restart: _restart, ...spec }: ContainerSpec): ContainerSpec {
  return { ...spec, name: HELPER.recoverEtcd, labels: {}, args: [...spec.args, '--force-new-cluster'] }
}

function specOf({ Config, HostConfig }: ObservedContainer): ContainerSpec {
  return {
    name: 'etcd',
    image: Config.Image,
    command: Config.Entrypoint ?? [],
    args: Config.Cmd ?? [],
    env: Config.Env ?? [],
    binds: HostConfig.Binds ?? [],
    volumesFrom: HostConfig.VolumesFrom ?? [],
    network: 'host',
    privileged: HostConfig.Privileged ?? false,
    labels: {},
    user: Config.User ?? '',
    securityOpt: HostConfig.SecurityOpt ?? [],
  }
}

import { inspect } from 'node:util'
import type { ContainerSpec } from '../../desired/container-spec.ts'
import type { Action } from '../action.ts'

/**
 * The same action, whose container reads with the names of its environment variables alone: a plan can be printed,
 * and registry passwords and S3 keys are among the values. What makes the container still has them.
 */
export function concealEnvironment(action: Action): Action {
  switch (action.kind) {
    case 'container.create':
    case 'container.replace':
    case 'container.start':
    case 'snapshot.download':
    case 'snapshot.save':
    case 'etcd.force-new-cluster':
      return { ...action, container: concealed(action.container) }
    default:
      return action
  }
}

function concealed(container: ContainerSpec): ContainerSpec {
  const readable = (): ContainerSpec => ({
    ...container,
    env: container.env.map((entry) => `${entry.split('=', 1)[0]}=[secret]`),
  })
  return Object.defineProperties(
    { ...container },
    { toJSON: { value: readable }, [inspect.custom]: { value: readable } },
  )
}

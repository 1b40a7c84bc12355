import type { Machine } from '../../testbed/index.ts'
import { linesOf } from './machine-shell.ts'
import type { Plan } from './workspace.ts'

/** Ids of containers, by `address/name`. */
export type Containers = ReadonlyMap<string, string>

export async function containersOf(machines: readonly Machine[]): Promise<Containers> {
  const lists = await Promise.all(
    machines.map(async ({ name, address }) => {
      const lines = await linesOf({ name }, "docker ps -a --no-trunc --format '{{.Names}} {{.ID}}'")
      return lines.map((line): [string, string] => {
        const [container = '', id = ''] = line.split(' ')
        return [`${address}/${container}`, id]
      })
    }),
  )
  return new Map(lists.flat())
}

/** When the process of each running container was started, in the same form. */
export async function startsOf(machines: readonly Machine[]): Promise<Containers> {
  const lists = await Promise.all(
    machines.map(async ({ name, address }) => {
      const format = '{{.Name}} {{.Id}} {{.State.StartedAt}}'
      const lines = await linesOf({ name }, `docker inspect -f '${format}' $(docker ps -q)`)
      return lines.map((line): [string, string] => {
        const [container = '', ...started] = line.split(' ')
        return [`${address}${container}`, started.join(' ')]
      })
    }),
  )
  return new Map(lists.flat())
}

/** Containers that came, went, or were replaced or restarted between two looks, as `address/name`, sorted. */
export function touched(before: Containers, after: Containers): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort()
}

const TOUCHING: ReadonlySet<string> = new Set(['container.create', 'container.replace', 'container.remove'])

/** Containers that a plan says will come, go or be replaced, in the same form. */
export function plannedContainers({ actions }: Plan): readonly string[] {
  return actions
    .filter(({ kind }) => TOUCHING.has(kind))
    .map(({ id }) => id.replace(/^node\/([^/]+)\/(container|leftover)\//, '$1/'))
    .sort()
}

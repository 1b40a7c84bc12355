import type { ContainerSpec } from '../../../src/desired/container-spec.ts'

/** One fact of a container on a line; nothing of it is left out, so equal lines are equal containers. */
export function specLines(spec: ContainerSpec): readonly string[] {
  const { health } = spec
  const each = (what: string, entries: readonly string[]) => entries.map((entry) => `${what} ${entry}`)
  return [
    `image ${spec.image}`,
    ...each('entrypoint', spec.command),
    ...each('command', spec.args),
    ...each('env', spec.env),
    ...each('bind', spec.binds),
    ...each('volumes-from', spec.volumesFrom),
    `network ${spec.network}`,
    ...(spec.pid === undefined ? [] : [`pid ${spec.pid}`]),
    ...(spec.privileged ? ['privileged'] : []),
    ...(spec.restart === undefined ? [] : [`restart ${spec.restart}`]),
    ...(spec.user === undefined ? [] : [`user ${spec.user}`]),
    ...each('security', spec.securityOpt),
    ...Object.entries(spec.labels).map(([name, value]) => `label ${name}=${value}`),
    ...(spec.createdOnly ? ['never started'] : []),
    ...(health === undefined
      ? []
      : [
          ['health', health.url, health.success, health.clientCertificate]
            .filter((part) => part !== undefined)
            .join(' '),
        ]),
  ]
}

const block = (title: string, entries: readonly string[]): string =>
  [title, ...entries.map((entry) => `  ${entry}`)].join('\n')

/** Containers as a text for golden files. */
export const containersText = (specs: readonly ContainerSpec[]): string =>
  `${specs.map((spec) => block(spec.name, specLines(spec))).join('\n\n')}\n`

/** What makes `changed` of `plain`, container by container; those that stay the same are not named. */
export function changesText(plain: readonly ContainerSpec[], changed: readonly ContainerSpec[]): string {
  const names = [...new Set([...plain, ...changed].map(({ name }) => name))]
  const blocks = names.flatMap((name) => {
    const before = plain.find((spec) => spec.name === name)
    const after = changed.find((spec) => spec.name === name)
    if (after === undefined) return [block(name, ['- the container'])]
    const old = before === undefined ? [] : specLines(before)
    const now = specLines(after)
    const entries = [
      ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
      ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
    ]
    return entries.length === 0 ? [] : [block(name, entries)]
  })
  return blocks.length === 0 ? 'nothing\n' : `${blocks.join('\n\n')}\n`
}

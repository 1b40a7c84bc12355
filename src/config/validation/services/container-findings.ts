import type { ClusterConfig, ClusterInput, ServiceName } from '../../cluster-config.ts'
import { type Finding, warning, when } from '../finding.ts'

type Path = Finding['path']

/** What can be set for the container of every service. */
export function containerFindings(config: ClusterConfig, written: ClusterInput): readonly Finding[] {
  return (Object.keys(config.services) as ServiceName[]).flatMap((name) => {
    const service = config.services[name]
    const path = ['services', name]
    const own = written.services?.[name]?.image
    return [
      ...when(!!own && own !== service.image, () =>
        warning(
          [...path, 'image'],
          'has no effect',
          `name the image under system_images, as ${name === 'etcd' ? 'etcd' : 'kubernetes'}`,
        ),
      ),
      ...flags(service.extraArgs, [...path, 'extraArgs']),
      ...flags(service.extraArgsArray, [...path, 'extraArgsArray']),
      ...each(
        service.extraEnv,
        [...path, 'extraEnv'],
        /^[^=\s]+=/,
        'is not an environment variable',
        'write NAME=value',
      ),
      ...each(
        service.extraBinds,
        [...path, 'extraBinds'],
        /^[^:\s]+:\/[^:]*(:[^:]*)?$/,
        'is not a bind mount',
        'write /on/node:/in/container, with options after another colon',
      ),
    ]
  })
}

function flags(given: Readonly<Record<string, unknown>>, path: Path): readonly Finding[] {
  return Object.keys(given).flatMap((flag) =>
    when(flag.startsWith('-') || flag.includes('='), () =>
      warning([...path, flag], 'is not the name of a flag', 'write `name: value`, without leading dashes'),
    ),
  )
}

function each(
  values: readonly string[],
  path: Path,
  form: RegExp,
  message: string,
  hint: string,
): readonly Finding[] {
  return values.flatMap((value, index) =>
    when(!form.test(value), () => warning([...path, index], message, hint)),
  )
}

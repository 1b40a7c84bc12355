import type { ContainerInspect } from '../node/docker/docker-types.ts'

/** A service container as Docker shows it, and its arguments. */
export interface ObservedContainer extends ContainerInspect {
  /** Values of the flags with which it was created, by name without dashes; '' for a flag without a value. */
  readonly flags: ReadonlyMap<string, string>
}

/** Parses the arguments once, for all who ask with which flags the container runs. */
export function observedContainer(inspect: ContainerInspect): ObservedContainer {
  const { Entrypoint, Cmd } = inspect.Config
  return { ...inspect, flags: flagsIn([...(Entrypoint ?? []), ...(Cmd ?? [])]) }
}

/** Of a flag that is given twice the last one counts, as in the components' own parsers. */
function flagsIn(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.flatMap((word) => {
      const [, name, value = ''] = FLAG.exec(word) ?? []
      return name === undefined ? [] : [[name, value] as const]
    }),
  )
}

const FLAG = /^--([^=]+)(?:=(.*))?$/s

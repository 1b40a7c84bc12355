import { configYaml, emptyConfigYaml } from '../../../config/generate/config-yaml.ts'
import type { Io } from '../../io.ts'
import type { Flags } from '../../parsing/flags.ts'
import type { Following } from '../../running/follow.ts'
import { openLocalCatalog } from '../local-catalog.ts'
import { askForCluster } from './ask-for-cluster.ts'

/** The text of a new cluster file: with empty values for `--empty`, else with the user's answers. */
export async function newClusterText(flags: Flags, io: Io, following: Following): Promise<string> {
  if (flags.on('empty')) return emptyConfigYaml()
  const catalog = await openLocalCatalog(flags, io, following)
  const choice = { withImages: flags.on('with-images') }
  return configYaml(await askForCluster(catalog, io, following.stop, choice))
}

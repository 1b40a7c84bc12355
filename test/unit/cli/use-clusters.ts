import { afterEach } from 'vitest'
import { CliCluster } from './cli-cluster.ts'

/** `CliCluster.of` and `CliCluster.up` for the tests of a file: the folders go with the test that made them. */
export function useClusters(): Pick<typeof CliCluster, 'of' | 'up'> {
  const made: CliCluster[] = []
  afterEach(async () => {
    await Promise.all(made.splice(0).map((cluster) => cluster.remove()))
  })
  const keep = (cluster: CliCluster): CliCluster => {
    made.push(cluster)
    return cluster
  }
  return {
    of: async (text, machines) => keep(await CliCluster.of(text, machines)),
    up: async (text, machines) => keep(await CliCluster.up(text, machines)),
  }
}

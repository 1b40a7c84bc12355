import { label, runLabels } from '../testbed/addresses.ts'
import { ensureDocker } from '../testbed/docker-engine.ts'
import { machineImage } from '../testbed/machine-image.ts'
import { docker } from '../testbed/run.ts'

/**
 * Something else runs on the box while integration tests do: a container whose health is checked every second, so that
 * Docker has events and processes that no test may take for its own. Set as `globalSetup`.
 */
export async function setup(): Promise<() => Promise<void>> {
  await ensureDocker()
  const image = await machineImage()
  const name = `rke-bystander-${process.pid}`
  const labels = [label, `${label}.component`, ...runLabels()].flatMap((one) => ['--label', one])
  const health = ['--health-cmd', 'true', '--health-interval', '1s']
  const options = ['--name', name, '--network', 'none', ...labels, ...health, '--entrypoint', 'sleep']
  await docker('run', '-d', ...options, image, 'infinity')
  return async () => {
    await docker('rm', '-fv', name)
  }
}

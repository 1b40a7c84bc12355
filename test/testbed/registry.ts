import {
  label,
  network,
  privateRegistryAddress,
  registryAddress,
  registryPort,
  runLabels,
} from './addresses.ts'
import { cachePath } from './cache.ts'
import { ensureDocker } from './docker-engine.ts'
import { withLock } from './lock.ts'
import { machineImage } from './machine-image.ts'
import { ensureNetwork } from './network.ts'
import { docker, tryRun } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** A registry as the machines reach it (`host`), and what it asks for. */
export interface PrivateRegistry {
  readonly host: string
  readonly user: string
  readonly password: string
}

/**
 * Starts the registry that stands for Docker Hub. Its blobs are in the cache folder, so they outlive it.
 * Returns the host and port by which this box pushes to it.
 */
export function ensureRegistry(): Promise<string> {
  return start('registry', registryAddress, 'rw', [])
}

/** Starts a second, read-only registry with the same images that wants a user and a password. */
export async function privateRegistry(): Promise<PrivateRegistry> {
  const environment = [
    'REGISTRY_AUTH=htpasswd',
    'REGISTRY_AUTH_HTPASSWD_REALM=testbed',
    'REGISTRY_AUTH_HTPASSWD_PATH=/etc/testbed/registry.htpasswd',
  ]
  await start('private-registry', privateRegistryAddress, 'ro', environment)
  return {
    host: `${privateRegistryAddress}:${registryPort}`,
    user: 'tester',
    // The password of machine/registry.htpasswd; it guards nothing.
    password: 'registry-password',
  }
}

/** Removes both registries; the images stay in the cache folder. */
export async function stopRegistries(): Promise<void> {
  const ids = await docker('ps', '-aq', '--filter', `label=${label}.service`)
  if (ids !== '') await docker('rm', '-fv', ...ids.split('\n'))
}

async function start(
  name: string,
  address: string,
  access: 'rw' | 'ro',
  environment: readonly string[],
): Promise<string> {
  await ensureDocker()
  const container = `rke-testbed-${name}`
  const image = await machineImage()
  return withLock(name, async () => {
    const running = await tryRun('docker', [
      'inspect',
      '--format',
      '{{.State.Running}} {{.Config.Image}}',
      container,
    ])
    if (running.stdout.trim() !== `true ${image}`) {
      await ensureNetwork()
      await tryRun('docker', ['rm', '-fv', container])
      await docker(
        'run',
        '-d',
        '--name',
        container,
        '--label',
        label,
        '--label',
        `${label}.service=${name}`,
        ...runLabels().flatMap((one) => ['--label', one]),
        '--network',
        network.name,
        '--ip',
        address,
        '-v',
        `${cachePath('registry', 'x').slice(0, -2)}:/var/lib/registry:${access}`,
        '-p',
        `127.0.0.1::${registryPort}`,
        ...environment.flatMap((e) => ['-e', e]),
        image,
        'docker-registry',
        'serve',
        '/etc/testbed/registry.yml',
      )
    }
    const published = (await docker('port', container, String(registryPort))).split('\n')[0] ?? ''
    await waitUntil(`the ${name} at ${published} to answer`, () => answers(published), 20_000)
    return published
  })
}

async function answers(host: string): Promise<boolean> {
  try {
    const { status } = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2000) })
    return status === 200 || status === 401
  } catch {
    return false
  }
}

import type { HealthCheck } from '../../../src/desired/container-spec.ts'
import { type Health, type HealthOptions, openProbe } from '../../../src/node/containers/health.ts'
import type { Link } from '../../../src/node/transport/link.ts'

/** Asks a component once. */
export async function probeHealth(
  dialer: Pick<Link, 'dial'>,
  check: HealthCheck,
  options: HealthOptions = {},
): Promise<Health> {
  const probe = openProbe(dialer, check, options)
  try {
    return await probe.ask()
  } finally {
    probe.close()
  }
}

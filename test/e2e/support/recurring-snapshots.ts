import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

const NAME = 'recurring-for-a-test'
const VARIABLES = '/tmp/recurring-variables'

/**
 * Runs the container `etcd-rolling-snapshots` of a machine a second time with a short interval, keeping snapshots for an hour,
 * and with the first helper that reads the cluster's state from where the cluster has it. Disposing removes it.
 */
export async function recurringEach(machine: Machine, interval: string): Promise<AsyncDisposable> {
  const inspected = await shell(machine, 'docker inspect etcd-rolling-snapshots')
  const [{ Config, HostConfig }]: readonly [
    {
      readonly Config: { readonly Cmd: readonly string[] }
      readonly HostConfig: { readonly Binds: readonly string[] }
    },
  ] = JSON.parse(inspected)
  const command = Config.Cmd.map((arg) =>
    arg.replace(/^--creation=.*/, `--creation=${interval}`).replace(/^--retention=.*/, '--retention=1h'),
  )
  const binds = HostConfig.Binds.flatMap((bind) => ['-v', bind])
  await shell(
    machine,
    `docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' etcd-rolling-snapshots >${VARIABLES}`,
  )
  await shell(
    machine,
    [
      ...['docker run -d --network host --name', NAME, '--env-file', VARIABLES, ...binds],
      ...['rancher/rke-tools:v0.1.108', ...command.map((arg) => `'${arg}'`)],
    ].join(' '),
  )
  return {
    [Symbol.asyncDispose]: async () => {
      await shell(machine, `docker rm -fv ${NAME}; rm ${VARIABLES}`)
    },
  }
}

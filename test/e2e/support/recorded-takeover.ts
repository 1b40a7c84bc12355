import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'
import { type Inspected, recordedInspections } from './recorded-cluster.ts'

/** What lends its volumes comes first, and the API server before those that ask it. */
const FIRST = ['/service-sidekick', '/etcd', '/kube-apiserver']

/** Replaces the containers of a machine by those that RKE had made on the recorded one, to the letter. */
export async function recreateAsRecorded(index: number, machines: readonly Machine[]): Promise<void> {
  const machine = machines[index]
  if (machine === undefined) throw new RangeError(`no machine ${index}`)
  const rank = ({ Name }: Inspected): number => (FIRST.indexOf(Name) + FIRST.length + 1) % (FIRST.length + 1)
  const containers = recordedInspections(index, machines).toSorted((a, b) => rank(a) - rank(b))
  await shell(machine, 'docker rm -f $(docker ps -aq)')
  for (const container of containers) await create(machine, container)
}

async function create(machine: Machine, container: Inspected): Promise<void> {
  const { Name, Config, HostConfig, State, RestartPolicy } = container
  const body = JSON.stringify({
    ...Config,
    HostConfig: { ...HostConfig, RestartPolicy: { Name: RestartPolicy || 'no' } },
  })
  const request = [
    `POST /containers/create?name=${Name.slice(1)} HTTP/1.0`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
  const encoded = Buffer.from(request).toString('base64')
  // The command line of Docker cannot say all of it.
  const answer = await shell(
    machine,
    `echo ${encoded} | base64 -d | socat -t 10 - UNIX-CONNECT:/var/run/docker.sock`,
  )
  if (!/^HTTP\/1\.\d 201 /.test(answer)) throw new TypeError(`${Name} was not created: ${answer}`)
  if (State.Running) await shell(machine, `docker start ${Name.slice(1)}`)
}

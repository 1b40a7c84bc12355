import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { RkeError } from '../../src/errors.ts'
import type { CreateRequest } from '../../src/node/docker/docker-types.ts'
import { container, type Machine } from '../testbed/machine.ts'
import { docker } from '../testbed/run.ts'

/** As much of a machine's Docker as starting containers takes. */
export interface MachineDocker {
  pull(image: string): Promise<void>
  create(name: string, body: CreateRequest): Promise<void>
  start(name: string): Promise<void>
}

/**
 * The Docker daemon of a machine by its socket, which root on this box reaches through the machine's first
 * process: no SSH, nothing in between.
 */
export async function machineDocker(machine: Machine): Promise<MachineDocker> {
  const pid = await docker('inspect', '-f', '{{.State.Pid}}', container(machine.name))
  const socketPath = `/proc/${pid}/root/run/docker.sock`
  const post = (path: string, body?: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const json = body === undefined ? '' : JSON.stringify(body)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }
      const asked = request({ socketPath, path, method: 'POST', headers }, async (response) => {
        const answer = await text(response).catch(reject)
        if (typeof answer !== 'string') return
        if ((response.statusCode ?? 500) < 400) resolve(answer)
        else reject(refused(`POST ${path}`, answer))
      })
      asked.on('error', reject)
      asked.end(json)
    })
  const refused = (step: string, answer: string): RkeError =>
    new RkeError(`the Docker of ${machine.name} refused: ${answer.trim()}`, { host: machine.address, step })
  return {
    async pull(image) {
      const answer = await post(`/images/create?fromImage=${encodeURIComponent(image)}`)
      const last = answer.trim().split('\n').at(-1) ?? ''
      if (last.includes('"error"')) throw refused(`pull ${image}`, last)
    },
    async create(name, body) {
      await post(`/containers/create?name=${name}`, body)
    },
    async start(name) {
      await post(`/containers/${name}/start`)
    },
  }
}

import { Readable } from 'node:stream'
import { DockerError, ImagePullError } from '../../../src/errors.ts'
import type {
  ContainerLogs,
  DockerApi,
  PathStat,
  PullOptions,
  RemoveContainerOptions,
  StopOptions,
} from '../../../src/node/docker/docker-api.ts'
import type {
  ContainerInspect,
  ContainerSummary,
  CreateRequest,
  DockerInfo,
  ImageInspect,
} from '../../../src/node/docker/docker-types.ts'
import type { SimCall } from '../calls.ts'
import { Refusal, type SimDocker } from '../sim-docker.ts'
import type { SimMachine } from '../sim-machine.ts'
import type { DirectRun } from './direct-run.ts'

/** A machine's Docker, asked without a connection. */
export class DirectDocker implements DockerApi {
  readonly #run: DirectRun
  readonly #machine: SimMachine

  constructor(run: DirectRun, machine: SimMachine) {
    this.#run = run
    this.#machine = machine
  }

  info(): Promise<DockerInfo> {
    return this.#ask('GET', '/info', (docker) => docker.info)
  }

  listContainers(): Promise<readonly ContainerSummary[]> {
    return this.#ask('GET', '/containers/json', summaries)
  }

  inspectContainer(name: string): Promise<ContainerInspect | undefined> {
    return this.#ask('GET', `/containers/${name}/json`, (docker) => docker.get(name)?.inspect())
  }

  createContainer(name: string, spec: CreateRequest): Promise<{ readonly id: string }> {
    return this.#ask('POST', `/containers/${name}/create`, (docker) => ({
      id: docker.create(name, spec).id,
    }))
  }

  startContainer(name: string): Promise<void> {
    return this.#ask('POST', `/containers/${name}/start`, (docker) => docker.start(name))
  }

  stopContainer(name: string, _options: StopOptions): Promise<void> {
    return this.#ask('POST', `/containers/${name}/stop`, (docker) => docker.stop(name))
  }

  restartContainer(name: string, _options: StopOptions): Promise<void> {
    return this.#ask('POST', `/containers/${name}/restart`, (docker) => docker.restart(name))
  }

  renameContainer(name: string, newName: string): Promise<void> {
    return this.#ask('POST', `/containers/${name}/rename`, (docker) => docker.rename(name, newName))
  }

  setRestartPolicy(name: string, policy: string): Promise<void> {
    return this.#ask('POST', `/containers/${name}/update`, (docker) => {
      docker.find(name).restartPolicy = policy
    })
  }

  removeContainer(name: string, { force }: RemoveContainerOptions): Promise<void> {
    return this.#ask('DELETE', `/containers/${name}`, (docker) => {
      if (docker.get(name) !== undefined) docker.remove(name, force)
    })
  }

  waitContainer(name: string): Promise<{ readonly exitCode: number }> {
    return this.#ask('GET', `/containers/${name}/wait`, async (docker) => ({
      exitCode: await docker.wait(name),
    }))
  }

  logs(name: string): Promise<ContainerLogs> {
    return this.#ask('GET', `/containers/${name}/logs`, (docker) => ({
      stdout: docker.find(name).output,
      stderr: docker.find(name).errors,
    }))
  }

  inspectImage(ref: string): Promise<ImageInspect | undefined> {
    return this.#ask('GET', `/images/${ref}/json`, (docker) => docker.images.get(ref))
  }

  async pullImage(ref: string, _options?: PullOptions): Promise<void> {
    try {
      await this.#ask('POST', `/images/${ref}`, (docker) => docker.pull(ref, undefined))
    } catch (thrown) {
      if (!(thrown instanceof DockerError)) throw thrown
      throw new ImagePullError(thrown.message, { host: this.#machine.address })
    }
  }

  putArchive(name: string, path: string, tar: Readable | Buffer): Promise<void> {
    return this.#ask('PUT', `/containers/${name}/archive`, (docker, call) =>
      docker.putArchive(name, path, tar, this.#run.world.hooks.unpackLimit?.(call)),
    )
  }

  getArchive(name: string, path: string): Promise<Readable | undefined> {
    return this.#ask('GET', `/containers/${name}/archive`, async (docker) =>
      Readable.from([await docker.getArchive(name, path)]),
    )
  }

  statOf(name: string, path: string): Promise<PathStat | undefined> {
    return this.#ask('HEAD', `/containers/${name}/archive`, (docker) => docker.statOf(name, path))
  }

  saveImages(): Promise<Readable> {
    throw new Refusal(501, 'this simulated Docker saves no images')
  }

  loadImages(): Promise<never> {
    throw new Refusal(501, 'this simulated Docker loads no images')
  }

  async #ask<T>(
    method: string,
    path: string,
    act: (docker: SimDocker, call: SimCall) => T | Promise<T>,
  ): Promise<T> {
    const { docker, address } = this.#machine
    try {
      return await this.#run.ask(this.#machine, 'docker', [method, path], (call) => act(docker, call))
    } catch (thrown) {
      // Already as it is to be.
      if (thrown instanceof Refusal && thrown.status === 304) return undefined as T
      if (!(thrown instanceof Refusal)) throw thrown
      const step = `${method} ${path}`
      throw new DockerError(`Docker on ${address} could not ${step}: ${thrown.message}`, {
        host: address,
        step,
      })
    }
  }
}

/** What Docker lists. */
export function summaries({ containers }: SimDocker): readonly ContainerSummary[] {
  return containers.map(({ id, name, status, spec }) => ({
    id,
    names: [name],
    state: status,
    image: spec.Image,
    labels: spec.Labels ?? {},
    created: 0,
  }))
}

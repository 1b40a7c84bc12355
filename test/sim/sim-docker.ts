import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import type { PathStat } from '../../src/node/docker/docker-api.ts'
import type { CreateRequest, DockerInfo, ImageInspect } from '../../src/node/docker/docker-types.ts'
import { ORDINARY_INFO } from '../unit/fakes/fake-docker.ts'
import { archiveOf, unpack } from './disk-archive.ts'
import { type RegistryLogin, simImage } from './image.ts'
import { programOf } from './programs/program-of.ts'
import { type Place, SimContainer } from './sim-container.ts'
import type { SimMachine } from './sim-machine.ts'
import { SimProcess } from './sim-process.ts'

/** A refusal of Docker's, with the HTTP status it is told by. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The Docker engine of one machine: containers that run simulated programs, on the machine's disk and ports. */
export class SimDocker {
  readonly machine: SimMachine
  readonly containers: SimContainer[] = []
  readonly images = new Map<string, ImageInspect>()
  /** Registries, by host name, that give nothing without a login. */
  readonly logins = new Map<string, RegistryLogin>()
  #info: DockerInfo = { ...ORDINARY_INFO, ServerVersion: '20.10.24' }
  readonly #waiting = new Set<() => void>()

  constructor(machine: SimMachine) {
    this.machine = machine
  }

  /** What it says of itself; the time is that of its machine. */
  get info(): DockerInfo {
    const now = new Date(Date.now() + this.machine.clockAheadMs)
    return { ...this.#info, SystemTime: now.toISOString() }
  }

  set info(info: DockerInfo) {
    this.#info = info
  }

  /** Takes over images and containers of another engine; `resume` starts what ran there. */
  copyFrom(other: SimDocker): void {
    this.info = other.info
    for (const [ref, image] of other.images) this.images.set(ref, image)
    for (const [host, login] of other.logins) this.logins.set(host, login)
    this.containers.push(...other.containers.map((container) => container.copy()))
  }

  /** Containers that were running when they were copied get their processes. */
  resume(): void {
    for (const container of this.containers) {
      if (container.status === 'running') this.#run(container)
    }
  }

  /** By name, id or the beginning of an id. */
  get(nameOrId: string): SimContainer | undefined {
    return this.containers.find(({ name, id }) => name === nameOrId || id === nameOrId)
  }

  find(nameOrId: string): SimContainer {
    const found = this.get(nameOrId)
    if (found === undefined) throw new Refusal(404, `No such container: ${nameOrId}`)
    return found
  }

  create(name: string, spec: CreateRequest): SimContainer {
    const image = this.images.get(spec.Image)
    if (image === undefined) throw new Refusal(404, `No such image: ${spec.Image}`)
    this.#refuseTaken(name)
    for (const lender of spec.HostConfig?.VolumesFrom ?? []) this.find(lender)
    const container = SimContainer.create(name, spec, image)
    this.containers.push(container)
    return container
  }

  start(nameOrId: string): void {
    const container = this.find(nameOrId)
    if (container.status === 'running') throw new Refusal(304, 'already started')
    this.#mount(container)
    this.machine.disk.write(this.#logOf(container), '', 0o640)
    this.#run(container)
    this.#changed()
  }

  stop(nameOrId: string): void {
    const container = this.find(nameOrId)
    if (!container.isActive) throw new Refusal(304, 'already stopped')
    container.process?.end()
    container.ended(0, {}, false)
    this.#changed()
  }

  restart(nameOrId: string): void {
    if (this.find(nameOrId).isActive) this.stop(nameOrId)
    this.start(nameOrId)
  }

  /** A container's process ends by itself; Docker starts it again if it is to run always. */
  fail(nameOrId: string, output: string): void {
    const container = this.find(nameOrId)
    container.process?.end()
    container.ended(1, { output }, container.restartPolicy === 'always')
    this.#changed()
  }

  rename(nameOrId: string, name: string): void {
    const container = this.find(nameOrId)
    this.#refuseTaken(name)
    container.name = name
  }

  remove(nameOrId: string, force: boolean): void {
    const container = this.find(nameOrId)
    if (container.isActive && !force) {
      throw new Refusal(409, `You cannot remove a running container ${container.id}`)
    }
    container.process?.end()
    container.ended(137, {}, false)
    this.containers.splice(this.containers.indexOf(container), 1)
    this.machine.disk.remove(posix.dirname(this.#logOf(container)))
    this.#changed()
  }

  async wait(nameOrId: string): Promise<number> {
    const container = this.find(nameOrId)
    while (container.isActive) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
    return container.exitCode
  }

  pull(ref: string, login: RegistryLogin | undefined): void {
    const wanted = this.logins.get(ref.split('/')[0] ?? '')
    const right = wanted?.username === login?.username && wanted?.password === login?.password
    if (wanted !== undefined && !right) throw new Error('unauthorized: authentication required')
    this.load(ref)
  }

  /** An image is there, from wherever. */
  load(ref: string): void {
    this.images.set(ref, simImage(ref))
  }

  async putArchive(
    nameOrId: string,
    path: string,
    archive: Readable | Buffer,
    limit?: number,
  ): Promise<void> {
    const { disk, at } = this.#place(this.find(nameOrId), path)
    await unpack(archive, disk, at, limit)
    this.#changed()
  }

  async getArchive(nameOrId: string, path: string): Promise<Buffer> {
    const { disk, at } = this.#place(this.find(nameOrId), path)
    const archive = await archiveOf(disk, at, posix.basename(path))
    if (archive === undefined) throw new Refusal(404, `Could not find the file ${path} in container`)
    return archive
  }

  statOf(nameOrId: string, path: string): PathStat {
    const { disk, at } = this.#place(this.find(nameOrId), path)
    const inode = disk.at(at)
    if (inode === undefined) throw new Refusal(404, `Could not find the file ${path} in container`)
    return { mode: inode.mode, modified: new Date(inode.type === 'file' ? (inode.modified ?? 0) : 0) }
  }

  /** Containers that could not run try again, as Docker has them do. Says whether one runs now. */
  retry(): boolean {
    const failed = this.containers.filter(({ status }) => status === 'restarting')
    for (const container of failed) this.#run(container)
    return failed.some(({ status }) => status === 'running')
  }

  /** The daemon goes down with all containers, and comes back with those that are to run always. */
  reboot(): void {
    this.halt()
    this.boot()
  }

  halt(): void {
    const active = this.containers.filter(({ isActive }) => isActive)
    for (const container of active) {
      container.process?.end()
      container.ended(137, {}, false)
    }
    this.#changed()
  }

  boot(): void {
    for (const container of this.containers) {
      if (container.restartPolicy === 'always' && !container.isActive) this.start(container.id)
    }
    this.#changed()
  }

  /** Docker makes the folders of binds that are missing on the machine. */
  #mount(container: SimContainer): void {
    for (const bind of container.spec.HostConfig?.Binds ?? []) {
      this.machine.disk.makeFolder(bind.split(':')[0] ?? '')
    }
  }

  #run(container: SimContainer): void {
    const process = new SimProcess(this.machine, container)
    container.starts(this.machine.world.nextSecond())
    const outcome = attempt(process)
    if (outcome === 'running') {
      container.runs(process)
      return
    }
    process.end()
    const { exitCode } = outcome
    const again = container.restartPolicy === 'always' || container.restartPolicy === 'unless-stopped'
    container.ended(exitCode, outcome, again)
  }

  #place(container: SimContainer, path: string): Place {
    this.#mount(container)
    return container.place(path, this.machine.disk)
  }

  #refuseTaken(name: string): void {
    const other = this.get(name)
    if (other === undefined) return
    const text = `Conflict. The container name "/${name}" is already in use by container "${other.id}".`
    throw new Refusal(409, text)
  }

  #logOf({ id }: SimContainer): string {
    return `${this.info.DockerRootDir}/containers/${id}/${id}-json.log`
  }

  #changed(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
    this.machine.world.touch()
  }
}

function attempt(process: SimProcess) {
  try {
    return programOf(process)(process)
  } catch (thrown) {
    return { exitCode: 1, output: `${thrown instanceof Error ? thrown.message : String(thrown)}\n` }
  }
}

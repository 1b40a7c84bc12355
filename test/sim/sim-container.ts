import type { ContainerInspect, CreateRequest, ImageInspect } from '../../src/node/docker/docker-types.ts'
import { type FakeContainer, fakeContainer, inspectFake } from '../unit/fakes/fake-container.ts'
import { SimDisk } from './disk.ts'
import type { SimProcess } from './sim-process.ts'

/** A path on a disk. */
export interface Place {
  readonly disk: SimDisk
  readonly at: string
}

/** What a process wrote to its outputs. */
export interface Said {
  readonly output?: string
  readonly errors?: string
}

/** One container of a simulated Docker. */
export class SimContainer {
  readonly #record: FakeContainer
  #own: SimDisk | undefined
  process: SimProcess | undefined
  /** Seconds since 1970. */
  created = Math.floor(Date.now() / 1000)

  private constructor(record: FakeContainer) {
    this.#record = record
  }

  static create(name: string, spec: CreateRequest, image: ImageInspect): SimContainer {
    return new SimContainer(fakeContainer(name, spec, image))
  }

  /** The same container, without a process. */
  copy(): SimContainer {
    const copy = new SimContainer({ ...this.#record })
    copy.created = this.created
    return copy
  }

  get id(): string {
    return this.#record.id
  }

  get name(): string {
    return this.#record.name
  }

  set name(name: string) {
    this.#record.name = name
  }

  get spec(): CreateRequest {
    return this.#record.spec
  }

  get image(): ImageInspect {
    return this.#record.image
  }

  get status(): FakeContainer['status'] {
    return this.#record.status
  }

  get exitCode(): number {
    return this.#record.exitCode
  }

  get output(): string {
    return this.#record.stdout
  }

  get errors(): string {
    return this.#record.stderr
  }

  /** Files of the container itself, such as those in its `/tmp`: they go with it. */
  get own(): SimDisk {
    this.#own ??= new SimDisk()
    return this.#own
  }

  /** When it was started last; RFC 3339. */
  get startedAt(): string {
    return this.#record.startedAt
  }

  get restartPolicy(): string {
    return this.#record.restartPolicy
  }

  set restartPolicy(policy: string) {
    this.#record.restartPolicy = policy
  }

  /** Running, or about to be again. */
  get isActive(): boolean {
    return this.status === 'running' || this.status === 'restarting'
  }

  /** It is started at that moment, in RFC 3339. */
  starts(at: string): void {
    this.#record.startedAt = at
  }

  runs(process: SimProcess): void {
    this.process = process
    this.#record.status = 'running'
    this.#record.exitCode = 0
  }

  /** Its process ended. With `again` Docker will start it again by itself. */
  ended(exitCode: number, { output = '', errors = '' }: Said, again: boolean): void {
    this.process = undefined
    this.#record.exitCode = exitCode
    this.#record.stdout += output
    this.#record.stderr += errors
    this.#record.status = again ? 'restarting' : 'exited'
    if (again) this.#record.restarts += 1
  }

  inspect(): ContainerInspect {
    return inspectFake(this.#record)
  }

  /** Where a path of the container is: below one of its binds on the machine's disk, or in the container itself. */
  place(path: string, disk: SimDisk): Place {
    const onDisk = this.onDisk(path)
    return onDisk === undefined ? { disk: this.own, at: path } : { disk, at: onDisk }
  }

  /** The path on the machine's disk of what the container sees at `path`; `undefined` outside its binds. */
  onDisk(path: string): string | undefined {
    const binds = (this.spec.HostConfig?.Binds ?? []).map((bind) => bind.split(':'))
    const [found] = binds
      .map(([source = '', target = '']) => ({ source, target: target.replace(/\/$/, '') }))
      .filter(({ target }) => path === target || path === `${target}/` || path.startsWith(`${target}/`))
      .sort((a, b) => b.target.length - a.target.length)
    return found === undefined ? undefined : found.source + path.slice(found.target.length)
  }
}

import { posix } from 'node:path'
import type { Listener } from './http.ts'
import type { Place, Said, SimContainer } from './sim-container.ts'
import type { SimMachine } from './sim-machine.ts'

/** How a program's start went: it runs on, or it is over. */
export type Outcome = 'running' | ({ readonly exitCode: number } & Said)

/** What a container does when it is started. */
export type Program = (process: SimProcess) => Outcome

/** The process of a running container. */
export class SimProcess {
  readonly machine: SimMachine
  readonly container: SimContainer
  /** The whole command line. */
  readonly argv: readonly string[]
  readonly #ports: number[] = []
  readonly #ends: (() => void)[] = []

  constructor(machine: SimMachine, container: SimContainer) {
    this.machine = machine
    this.container = container
    const { spec, image } = container
    const entrypoint = spec.Entrypoint ?? image.Config.Entrypoint ?? []
    const cmd = spec.Cmd ?? (spec.Entrypoint === undefined ? image.Config.Cmd : null) ?? []
    this.argv = [...entrypoint, ...cmd]
  }

  /** The value of `--name=value`; empty for a flag alone. */
  flag(name: string): string | undefined {
    const found = this.argv.find((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`))
    return found?.slice(name.length + 3)
  }

  /** Where a path is that the process names. */
  place(path: string): Place {
    return this.container.place(path, this.machine.disk)
  }

  /** A file's content by its path in the container, through the container's binds. */
  file(path: string): string | undefined {
    const onDisk = this.container.onDisk(path)
    return onDisk === undefined ? undefined : this.machine.disk.read(onDisk)
  }

  /** Files that flags name below /etc/kubernetes and that are not there: no component starts without them. */
  missingFiles(): readonly string[] {
    return this.argv
      .flatMap((argument) => /^--[^=]+=(\/etc\/kubernetes\/.+)$/.exec(argument)?.[1] ?? [])
      .filter((path) => this.file(path) === undefined)
  }

  /** Files that these flags name and that the process's user cannot read. */
  deniedFiles(...flags: readonly string[]): readonly string[] {
    return flags.map((name) => this.flag(name) ?? '').filter((path) => !this.#mayRead(path))
  }

  #mayRead(path: string): boolean {
    const [uid = 0, gid = uid] = (this.container.spec.User ?? '').split(':').filter(Boolean).map(Number)
    const { disk } = this.machine
    const onDisk = this.container.onDisk(path) ?? path
    const [file, folder] = [disk.at(onDisk), disk.at(posix.dirname(onDisk))]
    return [file, folder].every((inode, index) => {
      if (inode === undefined || uid === 0) return true
      const shift = inode.uid === uid ? 6 : inode.gid === gid ? 3 : 0
      return ((inode.mode >> shift) & (index === 0 ? 0o4 : 0o1)) !== 0
    })
  }

  /** Listens on a port of the machine; throws if another process does. */
  listen(port: number, listener: Listener): void {
    if (this.machine.ports.has(port)) throw new Error(`listen tcp :${port}: bind: address already in use`)
    this.machine.ports.set(port, listener)
    this.#ports.push(port)
  }

  /** Runs when the process ends. */
  onEnd(task: () => void): void {
    this.#ends.push(task)
  }

  end(): void {
    for (const port of this.#ports) {
      const listener = this.machine.ports.get(port)
      this.machine.ports.delete(port)
      listener?.close()
    }
    for (const task of this.#ends) task()
  }
}

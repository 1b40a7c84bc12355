import { hash } from 'node:crypto'
import type { ContainerInspect, CreateRequest, ImageInspect } from '../../../src/node/docker/docker-types.ts'

/** How a fake container ends after its start; `running`: not by itself. */
export type FakeOutcome =
  | 'running'
  | { readonly exitCode: number; readonly stdout?: string; readonly stderr?: string }

export interface FakeContainer {
  readonly id: string
  name: string
  readonly spec: CreateRequest
  readonly image: ImageInspect
  restartPolicy: string
  status: 'created' | 'running' | 'exited' | 'restarting'
  exitCode: number
  restarts: number
  /** How often it was started. */
  starts: number
  stdout: string
  stderr: string
  /** RFC 3339. */
  startedAt: string
  /** Seconds since 1970. */
  created: number
}

let made = 0

export function fakeContainer(name: string, spec: CreateRequest, image: ImageInspect): FakeContainer {
  made += 1
  const id = hash('sha256', `${name} ${made}`)
  const restartPolicy = spec.HostConfig?.RestartPolicy?.Name ?? ''
  const status = 'created'
  return {
    id,
    name,
    spec,
    image,
    restartPolicy,
    status,
    exitCode: 0,
    restarts: 0,
    starts: 0,
    stdout: '',
    stderr: '',
    startedAt: '2026-01-01T00:00:00Z',
    created: Date.UTC(2026, 0, 1) / 1000,
  }
}

/** What Docker would answer to an inspect, with its merge of request and image. */
export function inspectFake(container: FakeContainer): ContainerInspect {
  const { id, name, spec, image, status } = container
  const host = spec.HostConfig ?? {}
  const running = status === 'running' || status === 'restarting'
  const unconfined = host.Privileged === true || host.PidMode === 'host'
  const security = [...(host.SecurityOpt ?? []), ...(unconfined ? ['label=disable'] : [])]
  return {
    Id: id,
    Name: `/${name}`,
    Image: image.Id,
    Created: '2026-01-01T00:00:00Z',
    LogPath: `/var/lib/docker/containers/${id}/${id}-json.log`,
    RestartCount: container.restarts,
    State: {
      Status: status,
      Running: running,
      Restarting: status === 'restarting',
      Paused: false,
      ExitCode: container.exitCode,
      Error: '',
      StartedAt: container.startedAt,
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    Config: {
      Image: spec.Image,
      Entrypoint: spec.Entrypoint ?? image.Config.Entrypoint,
      Cmd: spec.Cmd ?? (spec.Entrypoint === undefined ? image.Config.Cmd : null),
      Env: mergedEnv(spec.Env ?? [], image.Config.Env ?? []),
      Labels: spec.Labels ?? {},
      User: spec.User ?? '',
    },
    HostConfig: {
      Binds: host.Binds ?? null,
      SecurityOpt: security.length === 0 ? null : security,
      VolumesFrom: host.VolumesFrom ?? null,
      NetworkMode: host.NetworkMode ?? 'default',
      PidMode: host.PidMode ?? '',
      Privileged: host.Privileged ?? false,
      RestartPolicy: { Name: container.restartPolicy },
    },
    Mounts: [],
  }
}

function mergedEnv(wanted: readonly string[], fromImage: readonly string[]): readonly string[] {
  const names = new Set(wanted.map((entry) => entry.split('=')[0]))
  return [...wanted, ...fromImage.filter((entry) => !names.has(entry.split('=')[0]))]
}

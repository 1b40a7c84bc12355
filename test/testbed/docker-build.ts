import { run, tryRun } from './run.ts'

export interface DockerBuild {
  /** Folder with a Dockerfile and what it copies. */
  readonly context: string
  readonly reference: string
  readonly args?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

/** Builds an image; with the classic builder where the Docker client has no other. */
export async function dockerBuild(build: DockerBuild): Promise<void> {
  const buildKit = (await tryRun('docker', ['buildx', 'version'])).code === 0
  const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`])
  await run(
    'docker',
    [
      'build',
      '--network=none',
      '-t',
      build.reference,
      ...pairs('--build-arg', build.args),
      ...pairs('--label', build.labels),
      build.context,
    ],
    { env: { DOCKER_BUILDKIT: buildKit ? '1' : '0' } },
  )
}

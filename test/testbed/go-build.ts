import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { RkeError } from '../../src/errors.ts'
import { cachePath, contentKey, sourceDir } from './cache.ts'
import { run, tryRun } from './run.ts'

/**
 * Builds one package of a module into the file `out`; `cgo` makes a static program that uses C, and `stamp` gives variables of
 * packages (`main.name`) their values.
 */
export async function goBuild(
  module: string,
  what: string,
  out: string,
  options: { cgo?: true | undefined; stamp?: Readonly<Record<string, string>> | undefined } = {},
): Promise<void> {
  const flags = ['-s', '-w']
  if (options.cgo) flags.push('-extldflags "-static"')
  for (const [name, value] of Object.entries(options.stamp ?? {})) {
    flags.push(`-X ${name}=${value}`)
  }
  const args = ['build', '-mod=mod', '-trimpath', '-ldflags', flags.join(' '), '-o', out, what]
  await go(module, args, { CGO_ENABLED: options.cgo ? '1' : '0' })
}

/** A module that requires one package; its go.mod and go.sum are kept for the next time. */
export async function plainModule(name: string, version: string): Promise<string> {
  const dir = cachePath('modules', `${basename(name)}-${contentKey([name, version])}`)
  if (existsSync(join(dir, 'go.sum'))) return dir
  return fresh(dir, async () => {
    writeFileSync(join(dir, 'go.mod'), 'module build\n\ngo 1.22\n')
    await go(dir, ['get', `${name}@${version}`])
  })
}

/**
 * A module that requires k8s.io/kubernetes. That module's own go.mod points at folders of its repository for
 * what is released as separate modules; here each of them is taken at the version of the same release.
 */
export async function kubernetesModule(version: string): Promise<string> {
  const main = sourceDir('images', 'hyperkube', 'main.go')
  const dir = cachePath('modules', `kubernetes-${version}-${contentKey([], [main])}`)
  if (existsSync(join(dir, 'go.sum'))) return dir
  return fresh(dir, async () => {
    const found = await run('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${version}`], { cwd: dir })
    const { GoMod } = JSON.parse(found) as { GoMod: string }
    const theirs = readFileSync(GoMod, 'utf8')
    const staged = [...theirs.matchAll(/^\s+(k8s\.io\/\S+) => \.\/staging/gm)].map((match) => match[1])
    const replaced = staged.map((name) => `\t${name} => ${name} v0${version.slice(2)}\n`).join('')
    const goLine = /^go \S+$/m.exec(theirs)?.[0] ?? 'go 1.22'
    writeFileSync(
      join(dir, 'go.mod'),
      `module hyperkube\n\n${goLine}\n\nrequire k8s.io/kubernetes ${version}\n\nreplace (\n${replaced})\n`,
    )
    copyFileSync(main, join(dir, 'main.go'))
    await go(dir, ['mod', 'tidy', '-e'])
  })
}

async function fresh(dir: string, fill: () => Promise<void>): Promise<string> {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  try {
    await fill()
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
  return dir
}

async function go(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await run('go', args, { cwd, env: { GOWORK: 'off', ...env } })
}

let goSays: Promise<string> | undefined

/** Go's version, which is part of what a program is. */
export function goVersion(): Promise<string> {
  goSays ??= tryRun('go', ['env', 'GOVERSION']).then(
    ({ stdout }) => stdout.trim(),
    (cause) => {
      throw new RkeError('the images for tests are built with Go, and there is no `go` on PATH', {
        cause,
        hint: 'install Go 1.22 or later, or let this box reach Docker Hub',
      })
    },
  )
  return goSays
}

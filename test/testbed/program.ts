import { existsSync, renameSync } from 'node:fs'
import { label } from './addresses.ts'
import { cachePath, contentKey, sourceDir } from './cache.ts'
import { goBuild, goVersion, kubernetesModule, plainModule } from './go-build.ts'
import { installPackages } from './install-packages.ts'
import { machineBase, machineBaseReference } from './machine-image.ts'
import { docker, run } from './run.ts'

/** A program that goes into an image, and where it comes from. */
export type Program = { readonly name: string } & (
  | { readonly from: 'source'; readonly dir: string; readonly stamp?: Readonly<Record<string, string>> }
  | { readonly from: 'module'; readonly package: string; readonly version: string; readonly cgo?: true }
  | { readonly from: 'kubernetes'; readonly package: string; readonly version: string }
  | { readonly from: 'c'; readonly file: string }
  | { readonly from: 'machine'; readonly path: string }
)

/** Equal for programs that would come out equal. */
export async function programKey(program: Program): Promise<string> {
  const values = [JSON.stringify(program)]
  switch (program.from) {
    case 'source':
      return contentKey([...values, await goVersion()], [sourceDir('images', program.dir)])
    case 'kubernetes':
      return contentKey([...values, await goVersion()], [sourceDir('images', 'hyperkube', 'main.go')])
    case 'module':
      return contentKey([...values, await goVersion()])
    case 'c':
      return contentKey(values, [sourceDir('images', program.file)])
    case 'machine':
      return contentKey([...values, machineBaseReference])
  }
}

/** The path of a program that is built, or taken from the cache folder. */
export async function program(wanted: Program, say: (line: string) => void): Promise<string> {
  const path = cachePath('programs', await programKey(wanted), wanted.name)
  if (existsSync(path)) return path
  say(`program ${wanted.name}${'version' in wanted ? ` ${wanted.version}` : ''}`)
  const unfinished = `${path}.new`
  await build(wanted, unfinished)
  renameSync(unfinished, path)
  return path
}

async function build(wanted: Program, out: string): Promise<void> {
  switch (wanted.from) {
    case 'source':
      return goBuild(sourceDir('images', wanted.dir), '.', out, { stamp: wanted.stamp })
    case 'module':
      return goBuild(await plainModule(wanted.package, wanted.version), wanted.package, out, {
        cgo: wanted.cgo,
      })
    case 'kubernetes': {
      const version = wanted.version
      const [major = '', minor = ''] = version.slice(1).split('.')
      const facts = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' }
      const stamp = Object.fromEntries(
        Object.entries(facts).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value]),
      )
      return goBuild(await kubernetesModule(version), wanted.package, out, { stamp })
    }
    case 'c':
      await installPackages(['gcc'])
      await run('gcc', ['-Os', '-static', '-s', '-o', out, sourceDir('images', wanted.file)])
      return
    case 'machine': {
      const container = await docker('create', '--label', label, await machineBase(), 'true')
      await docker('cp', '-L', `${container}:${wanted.path}`, out)
      await docker('rm', container)
      return
    }
  }
}

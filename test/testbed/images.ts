import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RkeError } from '../../src/errors.ts'
import { cachePath, contentKey, sourceDir } from './cache.ts'
import { debianImage, debianReference } from './debian-image.ts'
import { dockerBuild } from './docker-build.ts'
import { hubReachable } from './hub.ts'
import { type ImageRecipe, imageSet, kubernetesVersions, testTools } from './image-sets.ts'
import { withLock } from './lock.ts'
import { type Program, program, programKey } from './program.ts'
import { ensureRegistry } from './registry.ts'
import { docker } from './run.ts'

type Say = (line: string) => void

const base = {
  name: 'image-base',
  packages: [
    'acl',
    'busybox-static',
    'ca-certificates',
    'conntrack',
    'curl',
    'ebtables',
    'ethtool',
    'ipset',
    'iproute2',
    'iptables',
    'jq',
    'kmod',
    'libnginx-mod-stream',
    'nginx-light',
    'procps',
    'socat',
  ],
}

/**
 * Puts the images of these Kubernetes versions (all by default) into the registry: pulled where Docker Hub can
 * be reached, else built from Go modules and Debian packages. What is there and unchanged costs a second; from
 * nothing it takes about 20 minutes on two cores. Says what it does, one line per step.
 */
export async function ensureImages(
  wanted: readonly string[] = kubernetesVersions,
  say: Say = (line) => console.error(line),
): Promise<void> {
  const unknown = wanted.filter((version) => !kubernetesVersions.includes(version))
  if (unknown.length > 0) {
    throw new RkeError(`there are no test images for Kubernetes ${unknown.join(', ')}`, {
      hint: `use one of ${kubernetesVersions.join(', ')}`,
    })
  }
  const registry = await ensureRegistry()
  const recipes = new Map(wanted.flatMap(imageSet).map((recipe) => [recipe.reference, recipe]))
  await withLock('images', async () => {
    for (const recipe of recipes.values()) await ensureImage(recipe, registry, say)
  })
}

/** Puts the small image that tests run in pods and containers into the registry; returns its name. */
export async function ensureTestImage(say: Say = (line) => console.error(line)): Promise<string> {
  const registry = await ensureRegistry()
  await withLock('images', () => ensureImage(testTools, registry, say))
  return testTools.reference
}

async function ensureImage(recipe: ImageRecipe, registry: string, say: Say): Promise<void> {
  const pull = recipe.own !== true && (await hubReachable())
  const key = pull ? `pulled ${recipe.reference}` : await imageKey(recipe)
  const stamp = cachePath('images', `${recipe.reference.replaceAll(/[/:]/g, '_')}.json`)
  if (existsSync(stamp)) {
    const seen = JSON.parse(readFileSync(stamp, 'utf8')) as { key: string; digest: string }
    if (seen.key === key && (await digestOf(recipe.reference, registry)) === seen.digest) return
  }
  const begun = Date.now()
  const local = pull ? recipe.reference : await build(recipe, say)
  const remote = `${registry}/${recipe.reference}`
  if (pull) await docker('pull', '-q', recipe.reference)
  await docker('tag', local, remote)
  await docker('push', '-q', remote)
  await docker('rmi', remote)
  writeFileSync(stamp, JSON.stringify({ key, digest: await digestOf(recipe.reference, registry) }))
  say(`image ${recipe.reference} (${Math.round((Date.now() - begun) / 1000)} s)`)
}

async function imageKey(recipe: ImageRecipe): Promise<string> {
  const programs = await Promise.all(recipe.programs.map(programKey))
  return contentKey(
    [recipe.reference, recipe.base ? debianReference(base) : '', ...programs],
    [sourceDir('images', recipe.dir)],
  )
}

async function build(recipe: ImageRecipe, say: Say): Promise<string> {
  const reference = recipe.reference.replace('rancher/', 'rke-testbed/')
  const context = cachePath('context', recipe.dir)
  rmSync(context, { recursive: true, force: true })
  cpSync(sourceDir('images', recipe.dir), context, { recursive: true })
  mkdirSync(join(context, 'bin'), { recursive: true })
  for (const wanted of recipe.programs) await place(wanted, join(context, 'bin'), say)
  // The label makes two tags of one content two images, as on Docker Hub.
  const labels = { 'rke-testbed.reference': recipe.reference }
  const args = recipe.base ? { BASE: await debianImage(base, say) } : {}
  await dockerBuild({ context, reference, labels, args })
  rmSync(context, { recursive: true, force: true })
  return reference
}

async function place(wanted: Program, dir: string, say: Say): Promise<void> {
  copyFileSync(await program(wanted, say), join(dir, wanted.name))
}

/** The digest under which the registry has an image; empty when it has not. */
export async function digestOf(reference: string, registry: string): Promise<string> {
  const [name, tag] = reference.split(':')
  const response = await fetch(`http://${registry}/v2/${name}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: [
        'application/vnd.docker.distribution.manifest.v2+json',
        'application/vnd.oci.image.manifest.v1+json',
      ].join(', '),
    },
  })
  return response.ok ? (response.headers.get('docker-content-digest') ?? '') : ''
}

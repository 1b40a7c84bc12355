import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { addonConfig, busyConfig, catalog } from '../../unit/addons/addon-fixture.ts'
import { type ApiServer, startApiServer } from '../support/api-server.ts'

let server: ApiServer

// Each has its own: a resource definition that was deleted, made and deleted again within seconds may hang for minutes.
beforeEach(async () => {
  server = await startApiServer()
})

afterEach(() => server?.[Symbol.asyncDispose]())

const plain = addonConfig()
const bare: AddonConfig = {
  ...plain,
  network: { ...plain.network, plugin: 'none' },
  monitoring: { ...plain.monitoring, provider: 'none' },
}
const network = (plugin: string): AddonConfig => ({
  ...plain,
  network: { ...plain.network, plugin, options: {} },
})

const CASES: Readonly<Record<string, AddonConfig>> = {
  'flannel, CoreDNS and metrics-server': plain,
  'every setting of flannel, CoreDNS and metrics-server': busyConfig(),
  canal: network('canal'),
  calico: network('calico'),
  'ingress-nginx with a default backend': {
    ...bare,
    ingress: { ...plain.ingress, provider: 'nginx', defaultBackend: true },
  },
  'kube-dns and nodelocal': {
    ...bare,
    dns: { ...plain.dns, provider: 'kube-dns', nodelocal: { ipAddress: '169.254.20.10', nodeSelector: {} } },
  },
}

/** The file as the API server's container sees it. */
function upload(name: string, manifest: string): string {
  writeFileSync(join(server.certificates.dir, `${name}.yaml`), manifest)
  return `/certificates/${name}.yaml`
}

/** Kind, name and generation of every object: the generation changes with what an object asks for. */
function generations(files: readonly string[]): Promise<string> {
  const columns = 'KIND:.kind,NAME:.metadata.name,GENERATION:.metadata.generation'
  return server.kubectl('get', ...files, '--no-headers', '-o', `custom-columns=${columns}`)
}

for (const [title, config] of Object.entries(CASES)) {
  it(`a real API server accepts ${title} as kubectl applies it, and the second time changes nothing`, async () => {
    const steps = desiredAddons(config, catalog).filter((step) => step.kind === 'deploy')
    const files = steps.flatMap(({ name, manifest }) => ['-f', upload(name, manifest)])
    expect(files).not.toEqual([])
    const applied = (await server.kubectl('apply', ...files)).trim().split('\n')
    expect(applied.filter((line) => !line.endsWith(' created'))).toEqual([])
    const before = await generations(files)
    await server.kubectl('apply', ...files)
    expect(await generations(files)).toBe(before)
  })
}

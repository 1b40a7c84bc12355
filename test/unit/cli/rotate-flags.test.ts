import { expect, test } from 'vitest'
import type { KubeObject } from '../../../src/kube/objects/kube-object.ts'
import { ROOT_CA } from '../../../src/kube/objects/root-ca.ts'
import { cluster } from '../operations/clusters.ts'
import { useClusters } from './use-clusters.ts'

const clusters = useClusters()
const ONE = cluster({ 11: 'controlplane, etcd, worker' })

for (const [line, says] of [
  ['--finish', '--finish goes only with --rotate-ca'],
  ['--immediately --restart-workloads', '--restart-workloads goes only with --rotate-ca'],
  ['--rotate-ca --custom-certs', '--custom-certs does not go with --rotate-ca'],
  ['--rotate-ca --immediately --finish', '--finish does not go with --immediately'],
  ['--rotate-ca --immediately --restart-workloads', '--restart-workloads does not go with --immediately'],
  ['--rotate-ca --skip-unreachable', '--skip-unreachable does not go with --rotate-ca'],
] as const) {
  test(`cert rotate ${line} is refused and not half done`, async () => {
    const home = await clusters.of(ONE)
    const { code, err, out } = await home.rke(`cert rotate ${line}`)
    expect(code).toBe(1)
    expect(`${out}${err}`).toContain(says)
  })
}

test('cert rotate --rotate-ca shows what each stage does, and who has to follow, as text and as JSON', async () => {
  const home = await clusters.up(ONE)
  const [machine] = home.world.machines
  const volumes = [{ name: 'api', projected: { sources: [{ configMap: { name: ROOT_CA } }] } }]
  const metadata = { name: 'alone', namespace: 'default' }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { volumes } }
  machine?.apiServer?.store()?.create(pod as KubeObject)
  const text = await home.rke('cert rotate --rotate-ca --dry-run')
  expect(text.code).toBe(2)
  const titles = text.out.split('\n').filter((line) => line.startsWith('Stage'))
  expect(titles).toEqual([
    'Stage 1 of 3: the old CA and the new one are trusted',
    'Stage 2 of 3: the new CA issues all certificates, and the new key signs tokens',
  ])
  expect(text.out).toContain('It stops after stage 2 of 3')
  expect(text.out).toContain('- pod default/alone, which nothing replaces by itself')
  const json = JSON.parse((await home.rke('cert rotate --rotate-ca --dry-run --output json')).out)
  expect(json).toMatchObject({ stopsAfter: 'issue', readers: { pods: ['default/alone'], tokenSecrets: [] } })
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)
  expect(json.stages.flatMap(({ actions }: { actions: string[] }) => actions)).toEqual(ids(json.actions))
})

test('cert rotate --rotate-ca --immediately may leave out nodes that cannot be reached', async () => {
  const home = await clusters.up(ONE)
  const line = 'cert rotate --rotate-ca --immediately --skip-unreachable --dry-run'
  expect(await home.rke(line)).toMatchObject({ code: 2 })
})

test('cert rotate --rotate-ca says at its end what is done, and warns of nothing twice', async () => {
  const home = await clusters.up(ONE)
  const { code, out, err } = await home.rke('cert rotate --rotate-ca --yes')
  expect(code).toBe(0)
  const lines = `${out}${err}`.split('\n')
  expect(lines.some((line) => line.includes('the old one is not trusted any more'))).toBe(true)
  const warnings = lines.filter((line) => line.includes('level=warning'))
  const texts = warnings.map((line) => line.slice(line.indexOf('msg=')))
  expect(texts).toEqual([...new Set(texts)])
  expect(texts.filter((text) => text.includes('the CA is being rotated'))).toEqual([])
})

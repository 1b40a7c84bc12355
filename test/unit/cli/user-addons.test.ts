import { readFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CliCluster } from './cli-cluster.ts'

const fixture = (name: string): Promise<string> => {
  const folder = name.startsWith('addons-') ? 'rke-cases' : 'user-addons'
  return readFile(new URL(`../../fixtures/${folder}/${name}.yml`, import.meta.url), 'utf8')
}

async function clusterOf(name: string): Promise<CliCluster> {
  const cluster = await CliCluster.of(await fixture(name))
  onTestFinished(() => cluster.remove())
  return cluster
}

describe.each([
  ['dead-url', 'addons_include: http://127.0.0.1:8/calico.yaml cannot be read: .*ECONNREFUSED'],
  ['port-of-no-browser', 'addons_include: http://127.0.0.1:10080/x.yaml cannot be read: .*ECONNREFUSED'],
  ['generate-name', 'addons: the document at line 1 .*metadata.generateName'],
  ['no-yaml', 'addons: the document at line 1 is not YAML: line [12], column'],
  ['addons-of-plain-text', 'addons: the document at line 1 is not a Kubernetes object: it is not a mapping'],
  [
    'addons-without-a-kind',
    'addons: the document at line 1 is not a Kubernetes object: apiVersion is missing',
  ],
])('a cluster file with %s in its own manifests', (name, words) => {
  const warning = new RegExp(`level=warning msg="(\\[addons\\] |.*cluster\\.yml:\\d+:\\d+: )${words}`)

  test('is planned, brought up and up to date, and each command says what is left out by a line and by its exit code', async () => {
    const cluster = await clusterOf(name)
    const planned = await cluster.rke('plan')
    expect({ code: planned.code, err: planned.err }).toEqual({ code: 2, err: expect.stringMatching(warning) })
    const up = await cluster.rke('up')
    expect({ code: up.code, out: up.out }).toEqual({ code: 4, out: expect.stringMatching(warning) })
    expect(up.out).toMatch(
      new RegExp(`Not applied: ${words}.*\\n.*Finished building Kubernetes cluster successfully`),
    )
    const again = await cluster.rke('plan --output json')
    expect(again.code).toBe(4)
    expect(JSON.parse(again.out)).toMatchObject({ actions: [], leftOut: [expect.stringMatching(words)] })
  })

  test('is valid, and what can be known of it without a network is a warning', async () => {
    const { code, out } = await (await clusterOf(name)).rke('config validate')
    expect(code).toBe(0)
    if (words.startsWith('addons:'))
      expect(out).toMatch(new RegExp(`warning: .*cluster\\.yml:\\d+:\\d+: ${words}`))
  })

  test('has its images listed, and what is left out named', async () => {
    const { code, out, err } = await (await clusterOf(name)).rke('images list')
    expect({ code, err }).toEqual({ code: 4, err: expect.stringMatching(warning) })
    expect(out).toMatch(/^rancher\/hyperkube:/m)
  })
})

test('a comment in the place of manifests is nothing to warn about', async () => {
  const cluster = await clusterOf('addons-of-a-comment')
  const { code, out } = await cluster.rke('up')
  expect({ code, out }).toEqual({ code: 0, out: expect.not.stringContaining('addons:') })
  expect((await cluster.rke('plan')).code).toBe(0)
})

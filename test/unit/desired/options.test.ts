import { describe, expect, it } from 'vitest'
import { containersOf } from './cluster.ts'
import { changesText } from './containers-text.ts'
import { externalEtcd } from './external-etcd.ts'
import { type OptionCase, optionCases } from './option-cases.ts'

/** PEM texts are long and new each time, so files show where they stand. */
const withPems = (yaml: string): string =>
  yaml
    .replace('<authority>', JSON.stringify(externalEtcd.caCert))
    .replace('<certificate>', JSON.stringify(externalEtcd.cert))
    .replace('<key>', JSON.stringify(externalEtcd.key))

/**
 * golden/all-roles.txt holds the complete containers of the plain cluster; each file here says what one option
 * makes of them. A case of another version is compared with the plain cluster of that version.
 */
function textOf(given: OptionCase): string {
  const { version, nodes, yaml = '', ...view } = given
  const plain = containersOf(version === undefined ? {} : { version })
  const about = [
    ...(version === undefined ? [] : [`kubernetes_version: ${version}`]),
    ...(nodes === undefined ? [] : ['nodes:', ...nodes.map((line) => `- ${line}`)]),
    ...(yaml === '' ? [] : [yaml.trim()]),
    ...(view.encrypted ? ['(Secrets are encrypted)'] : []),
    ...Object.entries(view.facts ?? {}).map(([name, value]) => `(the machine's ${name}: ${value})`),
  ]
  return `${about.join('\n')}\n\n${changesText(plain, containersOf({ ...given, yaml: withPems(yaml) }, given))}`
}

describe('an option changes nothing but its own part of the containers:', () => {
  for (const given of optionCases) {
    it(given.name, async () => {
      await expect(textOf(given)).toMatchFileSnapshot(`golden/options/${given.name}.txt`)
    })
  }
})

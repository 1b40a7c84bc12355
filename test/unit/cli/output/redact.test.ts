import { expect, test } from 'vitest'
import { reportOf } from '../../../../src/cli/output/error-report.ts'
import { createLog } from '../../../../src/cli/output/logger.ts'
import { planText } from '../../../../src/cli/output/plan-text.ts'
import { redact } from '../../../../src/cli/output/redact.ts'
import { jsonRenderer } from '../../../../src/cli/output/renderers/json-renderer.ts'
import { progressRenderer } from '../../../../src/cli/output/renderers/progress-renderer.ts'
import { quietRenderer } from '../../../../src/cli/output/renderers/quiet-renderer.ts'
import type { Renderer } from '../../../../src/cli/output/renderers/renderer.ts'
import { textRenderer } from '../../../../src/cli/output/renderers/text-renderer.ts'
import { RkeError } from '../../../../src/errors.ts'
import { type FakeOutput, fakeContext, fakeIo, fakeOutput } from '../fake-io.ts'
import { etcd } from '../fake-run.ts'

const SECRETS = [
  '-----BEGIN RSA PRIVATE KEY-----\nTOPSECRET\n-----END RSA PRIVATE KEY-----',
  'https://user:TOPSECRET@registry.example.com/v2/',
  'Authorization: Bearer TOPSECRET.abc.def',
  'client-key-data: TOPSECRET=',
]

test.each(SECRETS)('%j is told without its secret', (text) => {
  expect(redact(`before ${text} after`)).not.toContain('TOPSECRET')
  expect(redact(`before ${text} after`)).toMatch(/^before .*after$/s)
})

const renderers: readonly (readonly [string, (output: FakeOutput) => Renderer])[] = [
  ['log lines', (output) => textRenderer(createLog(fakeContext(fakeIo(), { debug: true }), output))],
  ['progress', (output) => progressRenderer(output)],
  ['JSON', (output) => jsonRenderer(output, () => new Date(0))],
  ['--quiet', (output) => quietRenderer(output)],
]

test.each(renderers)('%s hold no secret that an error, an event or a cause quotes', (_, create) => {
  const output = fakeOutput({ columns: 80, rows: 24 })
  const renderer = create(output)
  for (const secret of SECRETS) {
    const error = new RkeError(secret, { step: secret, hint: secret, cause: new Error(`cause: ${secret}`) })
    const step = { ...etcd, title: secret, because: [secret] }
    renderer.event({ type: 'notice', level: 'warning', area: 'state', text: secret })
    renderer.event({ type: 'planned', steps: [step] })
    renderer.event({ type: 'started', step })
    renderer.event({ type: 'progress', step, text: secret })
    renderer.event({ type: 'failed', step, error, milliseconds: 1 })
    renderer.event({ type: 'skipped', step, because: secret })
    renderer.say('info', secret)
    renderer.fatal(error)
  }
  renderer.end()
  expect(output.text()).not.toBe('')
  expect(output.text()).not.toContain('TOPSECRET')
})

test('nor does a plan', () => {
  const steps = SECRETS.map((secret) => ({ ...etcd, title: secret, because: [secret] }))
  expect(planText(steps)).not.toContain('TOPSECRET')
})

test('text from elsewhere cannot move the cursor', () => {
  expect(reportOf(new RkeError('a\u001b[2Jb\rc')).message).toBe('a[2Jbc')
})

import { describe, expect, test } from 'vitest'
import { askLine, askSecret } from '../../../../src/cli/local/prompts/ask.ts'
import { passphraseSource } from '../../../../src/cli/local/prompts/passphrase.ts'
import { CancelledError, ConfigError } from '../../../../src/errors.ts'
import { fakeIo } from '../fake-io.ts'

const never = { signal: new AbortController().signal, instead: '--yes' }
const terminal = { columns: 80, rows: 24 }

describe('a question for a line', () => {
  test('takes the first line, trimmed', async () => {
    const { stdin, stdout } = fakeIo({ input: ' y \nmore\n' })
    expect(await askLine('sure? ', stdin, stdout, never)).toBe('y')
    expect(stdout.text()).toBe('sure? ')
  })

  test('is not answered by an input that has ended', async () => {
    const { stdin, stdout } = fakeIo({ input: '' })
    await expect(askLine('sure? ', stdin, stdout, never)).rejects.toMatchObject({
      name: ConfigError.name,
      hint: 'nothing was done; use --yes where nobody can answer',
    })
  })

  test('ends when the user stops the program', async () => {
    const stop = new AbortController()
    const { stdin, stdout } = fakeIo()
    const asking = askLine('sure? ', stdin, stdout, { ...never, signal: stop.signal })
    setImmediate(() => stop.abort())
    await expect(asking).rejects.toThrow(CancelledError)
  })
})

describe('a question for a secret', () => {
  test.each([
    ['open sesame\r', 'open sesame'],
    ['opne\u007f\u007fen\r', 'open'],
    ['wrong\u0015right\n', 'right'],
    ['\u0004', undefined],
  ])('%j typed is %j', async (typed, expected) => {
    const { stdin, stderr } = fakeIo({ terminal })
    const asking = askSecret('secret: ', stdin, stderr)
    stdin.write(typed)
    expect(await asking).toBe(expected)
    expect(stderr.text()).toBe('secret: \n')
  })

  test('can be asked again afterwards', async () => {
    const { stdin, stderr } = fakeIo({ terminal })
    const first = askSecret('1: ', stdin, stderr)
    stdin.write('a\r')
    expect(await first).toBe('a')
    const second = askSecret('2: ', stdin, stderr)
    stdin.write('b\r')
    expect(await second).toBe('b')
  })
})

describe('the passphrase of an SSH key', () => {
  const source = (io: ReturnType<typeof fakeIo>, onInterrupt = () => {}) =>
    passphraseSource(io, () => () => {}, onInterrupt)

  test('comes from RKE_SSH_PASSPHRASE if it is set', async () => {
    expect(await source(fakeIo({ env: { RKE_SSH_PASSPHRASE: 'x' }, terminal }))('id_rsa')).toBe('x')
  })

  test('is not asked for where nobody sits', async () => {
    expect(await source(fakeIo())('id_rsa')).toBeUndefined()
  })

  test('is asked for key after key', async () => {
    const io = fakeIo({ terminal })
    const ask = source(io)
    const both = Promise.all([ask('id_a'), ask('id_b')])
    io.stdin.write('a\r')
    await expect.poll(() => io.stderr.text()).toContain('id_b')
    io.stdin.write('b\r')
    expect(await both).toEqual(['a', 'b'])
  })

  test('Ctrl-C at the question stops the program', async () => {
    const io = fakeIo({ terminal })
    let interrupted = 0
    const asking = source(io, () => {
      interrupted += 1
    })('id_rsa')
    io.stdin.write('\u0003')
    await expect(asking).rejects.toThrow(CancelledError)
    expect(interrupted).toBe(1)
  })
})

import { describe, expect, test } from 'vitest'
import { commandTree } from '../../../src/cli/command-tree/command-tree.ts'
import { asksForVersion, rewriteArguments } from '../../../src/cli/parsing/rewrite-arguments.ts'
import { UsageError } from '../../../src/errors.ts'

const rewrite = (...args: string[]) => rewriteArguments(args, commandTree)

describe('flags are taken as the original program takes them', () => {
  test.each([
    [
      ['up', '-config', 'x.yml'],
      ['up', '--config=x.yml'],
    ],
    [
      ['up', '--config', 'x.yml'],
      ['up', '--config=x.yml'],
    ],
    [
      ['up', '-config=x.yml'],
      ['up', '--config=x.yml'],
    ],
    [
      ['up', '--config='],
      ['up', '--config='],
    ],
    [
      ['up', '--config', '--odd-name'],
      ['up', '--config=--odd-name'],
    ],
    [
      ['up', '--config', 'a=b.yml'],
      ['up', '--config=a=b.yml'],
    ],
    [
      ['-d', 'up'],
      ['--debug', 'up'],
    ],
    [
      ['-debug', 'up'],
      ['--debug', 'up'],
    ],
    [
      ['config', '-n', 'a.yml', '-e'],
      ['config', '--name=a.yml', '--empty'],
    ],
    [
      ['config', '--version', 'v1.30.4'],
      ['config', '--version=v1.30.4'],
    ],
    [
      ['cert', 'rotate', '--service', 'etcd', '--service', 'kubelet'],
      ['cert', 'rotate', '--service=etcd', '--service=kubelet'],
    ],
    [
      ['up', 'ignored', '--config', 'x'],
      ['up', 'ignored', '--config=x'],
    ],
    [
      ['up', '--', '-config', 'x'],
      ['up', '--', '-config', 'x'],
    ],
  ])('%j is %j', (given, expected) => {
    expect(rewrite(...given)).toEqual(expected)
  })

  test.each(['false', 'FALSE', 'False', 'f', 'F', '0'])('--force=%s switches the flag off', (value) => {
    expect(rewrite('remove', `--force=${value}`)).toEqual(['remove', '--no-force'])
  })

  test.each(['true', 'TRUE', 'True', 't', 'T', '1'])('--force=%s switches it on', (value) => {
    expect(rewrite('remove', `-force=${value}`)).toEqual(['remove', '--force'])
  })

  test.each([
    [['remove', '--force=maybe'], /--force is true or false, not "maybe"/],
    [['up', '--config'], /--config needs a value/],
    [['config', '-n', 'a', '--name', 'b'], /--name and -n are the same flag/],
    [['-d', '--debug', 'up'], /the same flag/],
  ])('%j is refused', (given, message) => {
    expect(() => rewrite(...given)).toThrow(UsageError)
    expect(() => rewrite(...given)).toThrow(message)
  })

  test('a short flag may be repeated', () => {
    expect(rewrite('-d', '-d', 'up')).toEqual(['--debug', '--debug', 'up'])
  })

  test('an unknown flag with one dash is named as it was given', () => {
    expect(() => rewrite('up', '-se')).toThrow("unknown option '-se'")
    expect(() => rewrite('up', '-x=1')).toThrow("unknown option '-x'")
  })
})

test('the version is asked for before a command, not by a flag of one', () => {
  expect(asksForVersion(rewrite('--version'))).toBe(true)
  expect(asksForVersion(rewrite('-q', '-v', 'up'))).toBe(true)
  expect(asksForVersion(rewrite('config', '--version', 'v1.30.4'))).toBe(false)
  expect(asksForVersion(rewrite('--help', '--version'))).toBe(false)
})

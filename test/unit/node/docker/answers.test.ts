import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { chooseApiVersion } from '../../../../src/node/docker/api-version.ts'
import { demultiplex } from '../../../../src/node/docker/demultiplex.ts'
import { jsonLines } from '../../../../src/node/docker/json-lines.ts'
import { splitReference } from '../../../../src/node/docker/pull.ts'
import { PullProgress, pullMessage } from '../../../../src/node/docker/pull-progress.ts'

describe('the API version', () => {
  test.each([
    ['Docker 20.10', '1.41', '1.12', '1.41'],
    ['a newer Docker', '1.47', '1.24', '1.41'],
    ['a Docker that has given 1.41 up', '1.52', '1.44', '1.44'],
    ['an older Docker', '1.30', '1.12', '1.30'],
    ['a Docker that names no minimum', '1.41', undefined, '1.41'],
  ])('for %s', (_, ApiVersion, MinAPIVersion, expected) => {
    const answer = { Version: 'x', ApiVersion, ...(MinAPIVersion === undefined ? {} : { MinAPIVersion }) }
    expect(chooseApiVersion(answer, '10.0.0.1')).toBe(expected)
  })
})

test('stdout and stderr of a log are told apart, and a terminal has only one', () => {
  const frame = (stream: number, text: string) =>
    Buffer.concat([Buffer.of(stream, 0, 0, 0, 0, 0, 0, text.length), Buffer.from(text)])
  const log = Buffer.concat([frame(1, 'out '), frame(2, 'err'), frame(1, 'more')])
  expect(demultiplex(log)).toEqual({ stdout: 'out more', stderr: 'err' })
  expect(demultiplex(Buffer.from('plain text'))).toEqual({ stdout: 'plain text', stderr: '' })
  expect(demultiplex(Buffer.alloc(0))).toEqual({ stdout: '', stderr: '' })
})

test('JSON lines are read however they are cut into pieces', async () => {
  const text = Buffer.from('{"a":"ä"}\n\n{"b":2}\r\n{"c":3}')
  const pieces = [...text].map((byte) => Buffer.of(byte))
  const values: unknown[] = []
  for await (const value of jsonLines(Readable.from(pieces))) values.push(value)
  expect(values).toEqual([{ a: 'ä' }, { b: 2 }, { c: 3 }])
})

test('the progress of a pull is the sum of its layers', () => {
  const progress = new PullProgress()
  const lines = [
    { status: 'Pulling from rancher/x', id: 'v1' },
    { status: 'Downloading', id: 'a', progressDetail: { current: 10, total: 100 } },
    { status: 'Downloading', id: 'b', progressDetail: { current: 20, total: 200 } },
    { status: 'Download complete', id: 'b' },
    { status: 'Extracting', id: 'b', progressDetail: { current: 1, total: 200 } },
    { status: 'Already exists', id: 'c' },
  ]
  expect(lines.map((line) => progress.read(pullMessage(line))).at(-1)).toEqual({ done: 210, total: 300 })
})

test('the reason of a failed pull is found in its stream', () => {
  const line = {
    errorDetail: { message: 'manifest unknown' },
    error: 'manifest for x not found: manifest unknown',
  }
  expect(pullMessage(line).error).toBe('manifest unknown')
  expect(pullMessage({ error: 'plain' }).error).toBe('plain')
})

test.each([
  ['rancher/rke-tools:v1', 'rancher/rke-tools', 'v1'],
  ['reg.example.com:5000/a/x', 'reg.example.com:5000/a/x', 'latest'],
  ['reg.example.com:5000/a/x:v2', 'reg.example.com:5000/a/x', 'v2'],
  ['rancher/x@sha256:0123', 'rancher/x', 'sha256:0123'],
  ['rancher/x:v1@sha256:0123', 'rancher/x:v1', 'sha256:0123'],
])('%s is pulled as %s and %s', (ref, fromImage, tag) => {
  expect(splitReference(ref)).toEqual({ fromImage, tag })
})

import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { chooseApiVersion } from '../../../../src/node/docker/api-version.ts'
import { loadDockerode } from '../../../../src/node/docker/load-dockerode.ts'
import { splitReference } from '../../../../src/node/docker/pulls/pull.ts'
import { PullProgress, pullMessage } from '../../../../src/node/docker/pulls/pull-progress.ts'
import { readLog, readProgress } from '../../../../src/node/docker/read-streams.ts'

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

const frame = (stream: number, text: string) => {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(stream, 0, 0, 0, 0, 0, 0, bytes.length), bytes])
}

/** As a connection may deliver it. */
async function* byteByByte(bytes: Buffer): AsyncGenerator<Buffer> {
  for (const byte of bytes) yield Buffer.of(byte)
}

describe('a log', () => {
  test('has stdout and stderr, however it is cut into pieces', async () => {
    const docker = await loadDockerode(new Agent())
    const log = Buffer.concat([frame(1, 'out ü '), frame(2, 'err'), frame(1, 'more')])
    expect(await readLog(docker, byteByByte(log))).toEqual({ stdout: 'out ü more', stderr: 'err' })
    expect(await readLog(docker, byteByByte(Buffer.alloc(0)))).toEqual({ stdout: '', stderr: '' })
  })

  test('of a terminal is all stdout', async () => {
    const docker = await loadDockerode(new Agent())
    const text = Readable.from([Buffer.from('plain text')])
    expect(await readLog(docker, text)).toEqual({ stdout: 'plain text', stderr: '' })
  })

  test('may be a megabyte of the shortest lines', async () => {
    const docker = await loadDockerode(new Agent())
    const lines = Buffer.concat(Array.from({ length: 120_000 }, () => frame(1, '\n')))
    const { stdout } = await readLog(docker, Readable.from([lines]))
    expect(stdout).toHaveLength(120_000)
  })
})

describe('JSON lines', () => {
  test('are read however they are cut into pieces', async () => {
    const docker = await loadDockerode(new Agent())
    const values: unknown[] = []
    await readProgress(docker, byteByByte(Buffer.from('{"a":"ä"}\n\n{"b":2}\r\n{"c":3}')), (value) =>
      values.push(value),
    )
    expect(values).toEqual([{ a: 'ä' }, { b: 2 }, { c: 3 }])
  })

  test('that are none reject, and so does what the reader throws', async () => {
    const docker = await loadDockerode(new Agent())
    const page = Readable.from([Buffer.from('<html>\n')])
    await expect(readProgress(docker, page, () => {})).rejects.toThrow('JSON')
    const refuse = () => {
      throw new TypeError('no')
    }
    await expect(readProgress(docker, Readable.from([Buffer.from('{}\n')]), refuse)).rejects.toThrow('no')
  })
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

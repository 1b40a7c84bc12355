import { existsSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Node } from '../../../src/node/node.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import type { NodeSpec } from '../../../src/node/transport/link.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { makeFolder, type Sshd, startSshd } from './sshd.ts'

const cleanUp: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const stop of cleanUp.splice(0).reverse()) await stop()
})

async function server(config: readonly string[] = []): Promise<Sshd> {
  const sshd = await startSshd(config)
  cleanUp.push(() => sshd.stop())
  return sshd
}

async function open(spec: NodeSpec): Promise<Node> {
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
  const node = await openNode(spec, transports, new AbortController().signal)
  cleanUp.push(() => node.close())
  return node
}

describe('a node whose Docker cannot be used is reported with its cause', () => {
  test('no permission on the socket', async () => {
    const { spec } = await server()
    const node = await open({ ...spec, user: 'nobody' })
    await expect(node.docker.info()).rejects.toMatchObject({
      kind: 'docker-permission',
      host: '127.0.0.1',
      message: expect.stringContaining('nobody may not use the Docker socket /var/run/docker.sock'),
      hint: expect.stringContaining('usermod -aG docker nobody'),
    })
  })

  test('no Docker', async () => {
    const { spec } = await server()
    const node = await open({ ...spec, dockerSocket: '/run/no-docker.sock' })
    await expect(node.docker.info()).rejects.toMatchObject({
      kind: 'docker-missing',
      message: 'there is no Docker socket /run/no-docker.sock',
      hint: expect.stringContaining('docker_socket'),
    })
  })

  test('Docker is installed but does not run', async () => {
    const { spec } = await server()
    const socket = await deadSocket()
    const node = await open({ ...spec, dockerSocket: socket })
    const error = await node.docker.info().catch((thrown) => thrown)
    // Without a socket that everybody may use there is no telling it from forbidden forwarding.
    expect(['docker-missing', 'forwarding-forbidden']).toContain(error.kind)
    expect(error.message).toMatch(/Docker does not (answer|run)/)
  })

  test('Docker that stops after it was used', async () => {
    const { spec } = await server()
    const socket = join(makeFolder(), 'docker.sock')
    const docker = createHttpServer((_, response) => {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ Version: '24.0.0', ApiVersion: '1.43', MinAPIVersion: '1.12' }))
    })
    await new Promise<void>((resolve) => docker.listen(socket, resolve))
    const node = await open({ ...spec, dockerSocket: socket })
    await node.docker.info()
    docker.close()
    docker.closeAllConnections()
    const failure = async (): Promise<unknown> => node.docker.info().catch((thrown) => thrown)
    await expect.poll(failure).toMatchObject({
      kind: 'docker-missing',
      host: '127.0.0.1',
      message: expect.stringContaining('does not answer'),
      hint: expect.stringContaining('run the command again'),
    })
  })

  test('forwarding to Unix sockets is forbidden', async () => {
    const { spec } = await server(['AllowStreamLocalForwarding no'])
    const node = await open(spec)
    await expect(node.docker.info()).rejects.toMatchObject({
      kind: 'forwarding-forbidden',
      hint: expect.stringContaining('AllowStreamLocalForwarding yes'),
    })
  })

  test('all forwarding is forbidden', async () => {
    const { spec } = await server(['DisableForwarding yes'])
    const node = await open(spec)
    await expect(node.docker.info()).rejects.toMatchObject({
      kind: 'forwarding-forbidden',
      message: expect.stringContaining('forbids forwarding to the Unix socket'),
    })
  })

  test('TCP forwarding is forbidden', async () => {
    const { spec } = await server(['AllowTcpForwarding no'])
    const node = await open(spec)
    await expect(node.dial({ host: '127.0.0.1', port: 6443 })).rejects.toMatchObject({
      kind: 'forwarding-forbidden',
      message: expect.stringContaining('forbids TCP forwarding to 127.0.0.1:6443'),
      hint: expect.stringContaining('AllowTcpForwarding'),
    })
  })

  test('without SFTP on the server, all possible causes are named', async () => {
    const { spec } = await server(['Subsystem sftp /bin/false'])
    const node = await open({ ...spec, dockerSocket: '/run/no-docker.sock' })
    await expect(node.docker.info()).rejects.toMatchObject({
      kind: 'docker-missing',
      message: expect.stringMatching(
        /Docker does not run, root may not use it, or the SSH server forbids forwarding/,
      ),
    })
  })

  test('Docker too old', async () => {
    const { spec } = await server()
    const socket = join(makeFolder(), 'docker.sock')
    const old = createHttpServer((_, response) => {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ Version: '1.12.6', ApiVersion: '1.24', MinAPIVersion: '1.12' }))
    })
    await new Promise<void>((resolve) => old.listen(socket, resolve))
    cleanUp.push(() => void old.close())
    const node = await open({ ...spec, dockerSocket: socket })
    await expect(node.docker.info()).rejects.toMatchObject({
      kind: 'docker-too-old',
      message: expect.stringContaining('Docker 1.12.6 is too old'),
    })
  })

  test('something else than Docker behind the socket', async () => {
    const { spec } = await server()
    const socket = join(makeFolder(), 'docker.sock')
    const other = createHttpServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) => other.listen(socket, resolve))
    cleanUp.push(() => void other.close())
    const node = await open({ ...spec, dockerSocket: socket })
    await expect(node.docker.info()).rejects.toMatchObject({
      message: expect.stringContaining('is not Docker'),
    })
  })
})

describe('an address dialled from a node', () => {
  test.each([
    [{ host: '127.0.0.1', port: 9 }, 'refused'],
    [{ host: 'no-such-host.invalid', port: 1 }, 'name-not-resolved'],
  ])('%j fails with %s', async (to, kind) => {
    const { spec } = await server()
    const node = await open(spec)
    await expect(node.dial(to)).rejects.toMatchObject({ kind, host: '127.0.0.1' })
  })
})

/** A socket that is left on the disk after its server has ended. */
async function deadSocket(): Promise<string> {
  const socket = join(makeFolder(), 'docker.sock')
  const { execFileSync } = await import('node:child_process')
  const script = `const s=require('node:net').createServer().listen('${socket}',()=>process.kill(process.pid,'SIGKILL'))`
  try {
    execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })
  } catch {
    // It is meant to be killed.
  }
  if (!existsSync(socket)) throw new Error('no socket was left')
  cleanUp.push(() => rmSync(socket))
  return socket
}

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { replaceContainer } from '../../../src/node/containers/replace-container.ts'
import type { WantedFile } from '../../../src/node/files/node-file.ts'
import { readFiles } from '../../../src/node/files/read-files.ts'
import { removeFiles } from '../../../src/node/files/remove-files.ts'
import { uploadFiles } from '../../../src/node/files/upload.ts'
import { runChecked, runOnce } from '../../../src/node/helpers/run-once.ts'
import type { Node } from '../../../src/node/node.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { Secret } from '../../../src/secret.ts'
import { realTime } from '../../../src/time.ts'
import { makeFolder, type Sshd, startSshd } from './sshd.ts'
import { makeTestImage, removeTestImage, TEST_IMAGE } from './test-image.ts'

// Another run on this box may be under way.
const NAME = `rke-node-test-${process.pid}`
const removal = { force: true, volumes: true }
const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8') })
let sshd: Sshd
let node: Node

beforeAll(async () => {
  await makeTestImage()
  sshd = await startSshd()
  node = await openNode(sshd.spec, transports, new AbortController().signal)
})

beforeEach(async () => {
  for (const name of [NAME, `old-${NAME}`, `${NAME}-2`]) await node.docker.removeContainer(name, removal)
})

afterAll(async () => {
  for (const name of [NAME, `old-${NAME}`, `${NAME}-2`]) await node.docker.removeContainer(name, removal)
  removeTestImage()
  await node.close()
  await sshd.stop()
})

function container(command: string, more: object = {}) {
  return { Image: TEST_IMAGE, Cmd: ['sh', '-c', command], HostConfig: { NetworkMode: 'none', ...more } }
}

describe('Docker through a node', () => {
  test('reports what the node is', async () => {
    const info = await node.docker.info()
    expect(info).toMatchObject({ OSType: 'linux', DockerRootDir: expect.stringMatching(/^\//) })
    expect(info.ServerVersion).toMatch(/^\d+\.\d+/)
    expect(Array.isArray(info.SecurityOptions)).toBe(true)
  })

  test('has no container and no image of a name that nobody used', async () => {
    expect(await node.docker.inspectContainer(NAME)).toBeUndefined()
    expect(await node.docker.inspectImage('rke-node-test/none:1')).toBeUndefined()
    await node.docker.removeContainer(NAME, removal)
  })

  test('runs a container through its whole life', async () => {
    const { docker } = node
    const spec = container('echo ready; exec sleep 600', { RestartPolicy: { Name: 'always' } })
    const { id } = await docker.createContainer(NAME, { ...spec, Env: ['A=1'], Labels: { made: 'here' } })
    expect(await docker.inspectContainer(NAME)).toMatchObject({
      Id: id,
      State: { Status: 'created', Running: false },
      Config: { Image: TEST_IMAGE, Cmd: ['sh', '-c', 'echo ready; exec sleep 600'], Entrypoint: null },
      HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'always' }, Binds: null },
    })
    await docker.startContainer(NAME)
    await docker.startContainer(NAME)
    await docker.renameContainer(NAME, `${NAME}-2`)
    await docker.setRestartPolicy(id, 'no')
    await docker.restartContainer(id, { graceSeconds: 0 })
    const listed = (await docker.listContainers()).find((one) => one.id === id)
    expect(listed).toMatchObject({
      names: [`${NAME}-2`],
      state: 'running',
      image: TEST_IMAGE,
      labels: { made: 'here' },
    })
    await docker.stopContainer(id, { graceSeconds: 0 })
    await docker.stopContainer(id, { graceSeconds: 0 })
    expect(await docker.inspectContainer(id)).toMatchObject({
      State: { Running: false },
      HostConfig: { RestartPolicy: { Name: 'no' } },
      Config: { Env: expect.arrayContaining(['A=1', 'FROM_IMAGE=1']) },
    })
    expect(await docker.logs(id)).toEqual({ stdout: 'ready\nready\n', stderr: '' })
    expect(await docker.logs(id, { tail: 1 })).toEqual({ stdout: 'ready\n', stderr: '' })
    const later = Math.floor(Date.parse((await docker.info()).SystemTime) / 1000) + 1
    expect(await docker.logs(id, { since: later })).toEqual({ stdout: '', stderr: '' })
    expect(await docker.logs(id, { since: later - 3600 })).toEqual({ stdout: 'ready\nready\n', stderr: '' })
  })

  test('removes the anonymous volumes of a container with it', async () => {
    await node.docker.createContainer(NAME, container('true'))
    await node.docker.startContainer(NAME)
    const [volume] = (await node.docker.inspectContainer(NAME))?.Mounts ?? []
    await node.docker.removeContainer(NAME, removal)
    const volumes = execFileSync('docker', ['volume', 'ls', '-q'], { encoding: 'utf8' })
    expect(volume?.Name).toBeTypeOf('string')
    expect(volumes).not.toContain(volume?.Name)
  })

  test('waits for the end of a container, and can be asked not to', async () => {
    const { docker } = node
    await docker.createContainer(NAME, container('sleep 0.3; exit 7'))
    await docker.startContainer(NAME)
    expect(await docker.waitContainer(NAME, { limitMs: 60_000 })).toEqual({ exitCode: 7 })
    await docker.createContainer(`${NAME}-2`, container('sleep 600'))
    await docker.startContainer(`${NAME}-2`)
    expect(await docker.waitContainer(`${NAME}-2`, { limitMs: 100 })).toBeUndefined()
    const waiting = docker.waitContainer(`${NAME}-2`, { limitMs: 60_000, signal: AbortSignal.timeout(100) })
    await expect(waiting).rejects.toMatchObject({ name: 'CancelledError' })
  })

  test('answers others while many wait for containers', async () => {
    const { docker } = node
    await docker.createContainer(NAME, container('sleep 600'))
    await docker.startContainer(NAME)
    const stop = new AbortController()
    const waits = Array.from({ length: 30 }, () =>
      docker.waitContainer(NAME, { limitMs: 60_000, signal: stop.signal }).catch(() => 'stopped'),
    )
    const inspections = await Promise.all(Array.from({ length: 40 }, () => docker.inspectContainer(NAME)))
    expect(inspections.every((one) => one?.State.Running)).toBe(true)
    stop.abort()
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['stopped']))
  })

  test('says what it could not do, where, and why', async () => {
    await expect(node.docker.startContainer(NAME)).rejects.toMatchObject({
      name: 'DockerError',
      host: '127.0.0.1',
      step: `start container ${NAME}`,
      message: `Docker failed: No such container: ${NAME}`,
    })
    await expect(node.docker.createContainer(NAME, { Image: 'rke-node-test/none:1' })).rejects.toMatchObject({
      name: 'DockerError',
      message: expect.stringContaining('No such image: rke-node-test/none:1'),
    })
  })

  test('says why an image could not be pulled', async () => {
    const time = { ...realTime, pause: () => Promise.resolve() }
    const hasty = await openNode(sshd.spec, transports, new AbortController().signal, { time })
    try {
      await expect(hasty.docker.pullImage('127.0.0.1:9/rancher/none:1')).rejects.toMatchObject({
        name: 'ImagePullError',
        step: 'pull image 127.0.0.1:9/rancher/none:1',
        message: expect.stringMatching(/the pull failed 5 times: .*connection refused/),
        hint: expect.stringContaining('cannot reach the registry'),
      })
    } finally {
      await hasty.close()
    }
  })
})

describe('helpers on real Docker', () => {
  test('a helper runs once, and nothing of it stays', async () => {
    const run = { name: NAME, container: container('echo out; echo err >&2; exit 4') }
    expect(await runOnce(node, run)).toEqual({ exitCode: 4, stdout: 'out\n', stderr: 'err\n' })
    expect(await node.docker.inspectContainer(NAME)).toBeUndefined()
    await expect(runChecked(node, run)).rejects.toThrow(/exit code 4: out\nerr$/)
  })

  test('a container is replaced', async () => {
    await node.docker.createContainer(
      NAME,
      container('exec sleep 600', { RestartPolicy: { Name: 'always' } }),
    )
    await node.docker.startContainer(NAME)
    const wanted = container('exec sleep 601', { RestartPolicy: { Name: 'always' } })
    const { id } = await replaceContainer(node, { name: NAME, container: wanted, graceSeconds: 0 })
    expect(await node.docker.inspectContainer(NAME)).toMatchObject({ Id: id, State: { Running: true } })
    expect(await node.docker.inspectContainer(`old-${NAME}`)).toBeUndefined()
  })

  test('a container whose successor cannot start runs again under its name', async () => {
    const before = container('exec sleep 600', { RestartPolicy: { Name: 'always' } })
    const { id } = await node.docker.createContainer(NAME, before)
    await node.docker.startContainer(NAME)
    const broken = { Image: TEST_IMAGE, Entrypoint: ['/no/such/program'] }
    const replacing = replaceContainer(node, { name: NAME, container: broken, graceSeconds: 0 })
    await expect(replacing).rejects.toMatchObject({ name: 'DockerError', host: '127.0.0.1' })
    expect(await node.docker.inspectContainer(NAME)).toMatchObject({
      Id: id,
      State: { Running: true },
      HostConfig: { RestartPolicy: { Name: 'always' } },
    })
  })
})

describe('files of a node', () => {
  const folder = join(makeFolder(), 'etc', 'kubernetes')
  const options = { image: TEST_IMAGE, folder }

  function file(path: string, content: string, more: Partial<WantedFile> = {}): WantedFile {
    return { path: join(folder, path), mode: 0o600, content: new Secret(content), ...more }
  }

  function onDisk(path: string) {
    const { mode, uid, gid, nlink } = statSync(join(folder, path))
    return { content: readFileSync(join(folder, path), 'utf8'), mode: mode & 0o7777, uid, gid, nlink }
  }

  beforeEach(() => rmSync(folder, { recursive: true, force: true }))

  test('are written with content, mode and owner, and the folder is made if it is missing', async () => {
    const files = [
      file('ssl/kube-ca.pem', 'ca\n', { mode: 0o644 }),
      file('ssl/kube-etcd-10-0-0-1.pem', 'etcd\n', { uid: 52034, gid: 52034 }),
      file('ssl/empty', ''),
      file('cloud-config', 'back\\nslash ü\n'),
    ]
    await uploadFiles(node, files, options)
    expect(onDisk('ssl/kube-ca.pem')).toEqual({ content: 'ca\n', mode: 0o644, uid: 0, gid: 0, nlink: 1 })
    expect(onDisk('ssl/kube-etcd-10-0-0-1.pem')).toEqual({
      content: 'etcd\n',
      mode: 0o600,
      uid: 52034,
      gid: 52034,
      nlink: 1,
    })
    expect(onDisk('ssl/empty').content).toBe('')
    expect(onDisk('cloud-config').content).toBe('back\\nslash ü\n')
    expect(statSync(join(folder, 'ssl')).mode & 0o7777).toBe(0o755)
  })

  test('replace old ones, leave others alone, and what reads the old one goes on reading it', async () => {
    mkdirSync(join(folder, 'ssl'), { recursive: true })
    writeFileSync(join(folder, 'ssl/a.pem'), 'old')
    writeFileSync(join(folder, 'ssl/other.pem'), 'other')
    const before = statSync(join(folder, 'ssl/a.pem')).ino
    await uploadFiles(node, [file('ssl/a.pem', 'new')], options)
    expect(onDisk('ssl/a.pem').content).toBe('new')
    expect(statSync(join(folder, 'ssl/a.pem')).ino).not.toBe(before)
    expect(onDisk('ssl/other.pem').content).toBe('other')
  })

  test('are the old ones when an upload breaks off', async () => {
    mkdirSync(join(folder, 'ssl'), { recursive: true })
    writeFileSync(join(folder, 'ssl/a.pem'), 'old')
    const { uploadArchive } = await import('../../../src/node/files/upload.ts')
    const archive = await uploadArchive([file('ssl/a.pem', 'n'.repeat(100_000))], folder)
    await node.docker.createContainer(NAME, {
      ...container('true'),
      HostConfig: { Binds: [`${folder}:/upload`] },
    })
    const broken = node.docker.putArchive(NAME, '/upload', archive.subarray(0, 50_000))
    await expect(broken).rejects.toMatchObject({
      name: 'DockerError',
      message: expect.stringContaining('unexpected EOF'),
    })
    expect(onDisk('ssl/a.pem').content).toBe('old')
    await uploadFiles(node, [file('ssl/a.pem', 'new')], options)
    expect(onDisk('ssl/a.pem').content).toBe('new')
  })

  test('are read back as they are, through a helper or a container that is there', async () => {
    const files = [file('ssl/a.pem', 'a', { uid: 3 }), file('b.yaml', 'b', { mode: 0o640 })]
    await uploadFiles(node, files, options)
    const found = await readFiles(node, folder, options)
    for (const { path, mode, uid = 0, gid = 0, content } of files) {
      expect(found.get(path)).toMatchObject({ mode, uid, gid })
      expect(found.get(path)?.content.reveal().toString()).toBe(content.reveal())
    }
    await node.docker.createContainer(NAME, {
      ...container('sleep 600'),
      HostConfig: { Binds: [`${folder}:/etc/kubernetes`] },
    })
    await node.docker.startContainer(NAME)
    const through = { container: NAME, path: '/etc/kubernetes' }
    expect([...(await readFiles(node, folder, { ...options, through })).keys()].sort()).toEqual(
      [...found.keys()].sort(),
    )
  })

  test('show their mode, those of folders as well', async () => {
    await uploadFiles(node, [file('ssl/a.pem', 'a', { mode: 0o640 })], options)
    await node.docker.createContainer(NAME, {
      ...container('true'),
      HostConfig: { Binds: [`${folder}:/etc/kubernetes`] },
    })
    expect(await node.docker.statOf(NAME, '/etc/kubernetes/ssl/a.pem')).toMatchObject({ mode: 0o640 })
    const found = await node.docker.statOf(NAME, '/etc/kubernetes/ssl')
    expect(found?.mode).toBe(0o755)
    expect(Math.abs(Date.now() - (found?.modified.getTime() ?? 0))).toBeLessThan(600_000)
    expect(await node.docker.statOf(NAME, '/etc/kubernetes/none')).toBeUndefined()
  })

  test('are removed', async () => {
    await uploadFiles(node, [file('ssl/a.pem', 'a'), file('b', 'b')], options)
    await removeFiles(node, [join(folder, 'b'), join(folder, 'missing')], options)
    expect([...(await readFiles(node, folder, options)).keys()]).toEqual([join(folder, 'ssl/a.pem')])
  })
})

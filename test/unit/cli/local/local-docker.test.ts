import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dockerEndpoint } from '../../../../src/cli/local/local-docker.ts'

test.each([
  [undefined, { socket: '/var/run/docker.sock' }],
  ['', { socket: '/var/run/docker.sock' }],
  ['unix:///run/user/1000/docker.sock', { socket: '/run/user/1000/docker.sock' }],
  ['tcp://10.0.0.1', { host: '10.0.0.1', port: 2375 }],
  ['tcp://docker.example.org:4000', { host: 'docker.example.org', port: 4000 }],
  ['tcp://[fd00::1]:2375', { host: 'fd00::1', port: 2375 }],
])('Docker of this machine is where DOCKER_HOST says: %s', async (DOCKER_HOST, endpoint) => {
  expect(await dockerEndpoint({ DOCKER_HOST })).toEqual(endpoint)
})

test.each(['ssh://root@10.0.0.1', 'nonsense', 'tcp://'])('DOCKER_HOST=%s is refused', async (DOCKER_HOST) => {
  await expect(dockerEndpoint({ DOCKER_HOST })).rejects.toMatchObject({
    message: `DOCKER_HOST is "${DOCKER_HOST}", which is not valid`,
    hint: expect.stringContaining('--node'),
  })
})

test('with DOCKER_TLS_VERIFY its certificates are taken from DOCKER_CERT_PATH', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rke-docker-'))
  const env = { DOCKER_HOST: 'tcp://10.0.0.1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
  await expect(dockerEndpoint(env)).rejects.toThrow(`cannot read ${join(folder, 'ca.pem')}`)
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder, `${name}.pem`), name.toUpperCase())
  expect(await dockerEndpoint(env)).toEqual({
    host: '10.0.0.1',
    port: 2376,
    tls: { ca: 'CA', cert: 'CERT', key: 'KEY' },
  })
  await rm(folder, { recursive: true })
})

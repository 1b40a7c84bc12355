import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CreateRequest } from '../../src/node/docker/docker-types.ts'
import type { SimCall } from './calls.ts'
import { type Handler, isRecord, readJson, sendJson } from './http.ts'
import { pullLines, type RegistryLogin, refusedPullLines } from './image.ts'
import { archivedImages, imageArchive } from './image-archive.ts'
import type { SimContainer } from './sim-container.ts'
import { Refusal, type SimDocker } from './sim-docker.ts'

interface Asked {
  readonly docker: SimDocker
  readonly request: IncomingMessage
  readonly reply: ServerResponse
  readonly query: URLSearchParams
  /** What the route's pattern caught: a container or an image. */
  readonly name: string
  readonly call: SimCall
}

type Action = (asked: Asked) => Promise<Answer> | Answer

/** A status without body, a value as JSON, or bytes. */
type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly json: unknown; readonly status?: number }
  | Buffer
  | string

const DONE = { status: 204 }

/** The part of the Docker Engine API 1.41 that is played. */
const ROUTES: readonly (readonly [method: string, path: RegExp, action: Action])[] = [
  ['GET', /^\/_ping$/, () => 'OK'],
  ['GET', /^\/version$/, ({ docker }) => ({ json: versionOf(docker) })],
  ['GET', /^\/info$/, ({ docker }) => ({ json: docker.info })],
  ['GET', /^\/containers\/json$/, ({ docker }) => ({ json: listOf(docker) })],
  ['POST', /^\/containers\/create$/, create],
  ['GET', /^\/containers\/([^/]+)\/json$/, ({ docker, name }) => ({ json: docker.find(name).inspect() })],
  ['POST', /^\/containers\/([^/]+)\/start$/, onContainer((docker, name) => docker.start(name))],
  ['POST', /^\/containers\/([^/]+)\/stop$/, onContainer((docker, name) => docker.stop(name))],
  ['POST', /^\/containers\/([^/]+)\/restart$/, onContainer((docker, name) => docker.restart(name))],
  ['POST', /^\/containers\/([^/]+)\/rename$/, rename],
  ['POST', /^\/containers\/([^/]+)\/update$/, update],
  [
    'POST',
    /^\/containers\/([^/]+)\/wait$/,
    async ({ docker, name }) => ({ json: { StatusCode: await docker.wait(name) } }),
  ],
  ['GET', /^\/containers\/([^/]+)\/logs$/, ({ docker, name }) => logOf(docker.find(name))],
  [
    'GET',
    /^\/containers\/([^/]+)\/archive$/,
    ({ docker, name, query }) => docker.getArchive(name, query.get('path') ?? ''),
  ],
  ['HEAD', /^\/containers\/([^/]+)\/archive$/, pathStat],
  ['PUT', /^\/containers\/([^/]+)\/archive$/, putArchive],
  ['DELETE', /^\/containers\/([^/]+)$/, ({ docker, name, query }) => remove(docker, name, query)],
  ['GET', /^\/images\/(.+)\/json$/, inspectImage],
  ['POST', /^\/images\/create$/, pull],
  ['GET', /^\/images\/get$/, saveImages],
  ['POST', /^\/images\/load$/, loadImages],
  ['DELETE', /^\/volumes\/([^/]+)$/, () => DONE],
]

/** Answers the requests to a machine's Docker socket. */
export function dockerHandler(docker: SimDocker): Handler {
  return async (request, reply) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://docker')
    const path = decodeURIComponent(pathname.replace(/^\/v[0-9.]+(?=\/)/, ''))
    const { world, address } = docker.machine
    const call: SimCall = { machine: address, service: 'docker', method: request.method ?? '', path }
    world.calls.push(call)
    await world.hooks.hold?.(call)
    const answer = await attempt({ docker, request, reply, query: searchParams, name: '', call })
    world.hooks.after?.(call)
    send(reply, answer)
  }
}

/** What a request gives; a refusal is an answer too. */
async function attempt(asked: Asked): Promise<Answer> {
  try {
    asked.docker.machine.world.hooks.before?.(asked.call)
    return await answerTo(asked)
  } catch (thrown) {
    const status = thrown instanceof Refusal ? thrown.status : 500
    if (status === 304) return { status }
    return { json: { message: thrown instanceof Error ? thrown.message : String(thrown) }, status }
  }
}

async function answerTo(asked: Asked): Promise<Answer> {
  for (const [method, pattern, action] of ROUTES) {
    const found = method === asked.call.method ? pattern.exec(asked.call.path) : null
    if (found !== null) return await action({ ...asked, name: found[1] ?? '' })
  }
  throw new Refusal(501, `this simulated Docker does not know ${asked.call.method} ${asked.call.path}`)
}

function send(reply: ServerResponse, answer: Answer): void {
  if (reply.destroyed) return
  if (typeof answer === 'string' || Buffer.isBuffer(answer)) reply.writeHead(200).end(answer)
  else if ('json' in answer) sendJson(reply, answer.json, answer.status)
  else reply.writeHead(answer.status, answer.headers).end()
}

/** An action on the container that the path names, without an answer of its own. */
function onContainer(act: (docker: SimDocker, name: string) => void): Action {
  return ({ docker, name }) => {
    act(docker, name)
    return DONE
  }
}

function versionOf({ info }: SimDocker): object {
  return {
    Version: info.ServerVersion,
    ApiVersion: '1.41',
    MinAPIVersion: '1.12',
    Os: 'linux',
    Arch: 'amd64',
  }
}

function listOf(docker: SimDocker): readonly object[] {
  return docker.containers.map(({ id, name, status, spec, created }) => ({
    Id: id,
    Names: [`/${name}`],
    State: status,
    Image: spec.Image,
    Labels: spec.Labels ?? {},
    Created: created,
  }))
}

async function create({ docker, request, query }: Asked): Promise<Answer> {
  const spec = await readJson(request)
  if (!isCreate(spec)) throw new Refusal(400, 'Image is required')
  const { id } = docker.create(query.get('name') ?? '', spec)
  return { json: { Id: id, Warnings: [] }, status: 201 }
}

function isCreate(value: object): value is CreateRequest {
  return 'Image' in value && typeof value.Image === 'string'
}

function rename({ docker, name, query }: Asked): Answer {
  docker.rename(name, query.get('name') ?? '')
  return DONE
}

function remove(docker: SimDocker, name: string, query: URLSearchParams): Answer {
  docker.remove(name, query.get('force') === 'true')
  return DONE
}

async function update({ docker, name, request }: Asked): Promise<Answer> {
  const { RestartPolicy: policy } = await readJson(request)
  if (isRecord(policy)) docker.find(name).restartPolicy = String(policy.Name)
  return { json: { Warnings: [] } }
}

async function putArchive({ docker, name, query, request, call }: Asked): Promise<Answer> {
  const limit = docker.machine.world.hooks.unpackLimit?.(call)
  await docker.putArchive(name, query.get('path') ?? '', request, limit)
  return { status: 200 }
}

function inspectImage({ docker, name }: Asked): Answer {
  const image = docker.images.get(name)
  if (image === undefined) throw new Refusal(404, `No such image: ${name}`)
  return { json: image }
}

function pull({ docker, query, request }: Asked): Answer {
  const ref = `${query.get('fromImage')}:${query.get('tag')}`
  try {
    docker.pull(ref, loginOf(request))
    return pullLines(ref)
  } catch (thrown) {
    return refusedPullLines(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function saveImages({ docker, query }: Asked): Promise<Answer> {
  const names = query.getAll('names')
  const missing = names.find((name) => !docker.images.has(name))
  if (missing !== undefined) throw new Refusal(404, `No such image: ${missing}`)
  return imageArchive(names)
}

async function loadImages({ docker, request }: Asked): Promise<Answer> {
  const names = await archivedImages(request)
  for (const name of names) docker.load(name)
  return names.map((name) => `${JSON.stringify({ stream: `Loaded image: ${name}\n` })}\n`).join('')
}

function pathStat({ docker, name, query }: Asked): Answer {
  const { mode, modified } = docker.statOf(name, query.get('path') ?? '')
  const stat = JSON.stringify({ mode, mtime: modified.toISOString() })
  const header = Buffer.from(stat).toString('base64')
  return { status: 200, headers: { 'x-docker-container-path-stat': header } }
}

function loginOf({ headers }: IncomingMessage): RegistryLogin | undefined {
  const header = headers['x-registry-auth']
  if (typeof header !== 'string') return undefined
  const login: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
  if (!isRecord(login)) return undefined
  return { username: String(login.username), password: String(login.password) }
}

function logOf({ output, errors }: SimContainer): Buffer {
  return Buffer.concat([frames(1, output), frames(2, errors)])
}

/** Docker's frames of a log: stream number, three zeros, length, text. */
function frames(stream: 1 | 2, said: string): Buffer {
  const text = Buffer.from(said)
  if (text.length === 0) return text
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(text.length, 4)
  return Buffer.concat([header, text])
}

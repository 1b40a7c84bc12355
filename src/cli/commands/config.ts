import type { CommandAction } from '../command-spec.ts'
import type { Flags } from '../flags.ts'
import { type Following, withRenderer } from '../follow.ts'
import { openLocalCatalog } from '../local/local-catalog.ts'
import { chooseLogRenderer } from '../output/choose-renderer.ts'
import type { Session } from '../session.ts'

/** `rke config`: writes a cluster file, or lists versions and images. */
export const configCommand: CommandAction = async (flags, session) => {
  const { io } = session
  const lists = flags.on('list-version') || flags.on('system-images')
  const isData = lists || flags.on('print')
  const renderer = await chooseLogRenderer(session, isData ? io.stderr : io.stdout)
  return withRenderer(renderer, session, (following) =>
    lists ? list(flags, session, following) : write(flags, session, following),
  )
}

async function list(flags: Flags, session: Session, following: Following): Promise<number> {
  const { stdout } = session.io
  const { listing } = await import('../local/image-listing.ts')
  // As in RKE the titles stand between the images; only --quiet leaves the images alone.
  const titles = await chooseLogRenderer(session, stdout)
  for (const { lines, title } of await listing(flags, await openLocalCatalog(session.io, following))) {
    if (title !== undefined) titles.say('info', title)
    stdout.write(lines.map((line) => `${line}\n`).join(''))
  }
  return 0
}

async function write(flags: Flags, { io }: Session, following: Following): Promise<number> {
  const { newClusterText } = await import('../local/cluster-text.ts')
  const text = await newClusterText(flags, io, following)
  if (flags.on('print')) {
    io.stdout.write(`Configuration File: \n${text}`)
    return 0
  }
  const path = flags.text('name')
  const { writeClusterFile } = await import('../local/new-cluster-file.ts')
  const kept = await writeClusterFile(path, text)
  if (kept !== undefined) following.renderer.say('info', `[config] The former ${path} is kept as [${kept}]`)
  following.renderer.say('debug', `[config] Wrote the cluster file [${path}]`)
  return 0
}

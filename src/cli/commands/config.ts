import type { CommandContext } from '../command-context.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { openLocalCatalog } from '../local/local-catalog.ts'
import { chooseLogRenderer } from '../output/renderers/choose-renderer.ts'
import type { Flags } from '../parsing/flags.ts'
import { type Following, withRenderer } from '../running/follow.ts'

/** `rke config`: writes a cluster file, or lists versions and images. */
export const configCommand: CommandAction = async (flags, context) => {
  const { io } = context
  const lists = flags.on('list-version') || flags.on('system-images')
  const isData = lists || flags.on('print')
  const renderer = await chooseLogRenderer(context, isData ? io.stderr : io.stdout)
  return withRenderer(renderer, context, (following) =>
    lists ? list(flags, context, following) : write(flags, context, following),
  )
}

async function list(flags: Flags, context: CommandContext, following: Following): Promise<number> {
  const { stdout } = context.io
  const { listing, listingJson } = await import('../local/image-listing.ts')
  const catalog = await openLocalCatalog(flags, context.io, following)
  if (flags.text('output') === 'json') {
    stdout.write(await listingJson(flags, catalog))
    return 0
  }
  // As in RKE the titles stand between the images; only --quiet leaves the images alone.
  const titles = await chooseLogRenderer(context, stdout)
  for (const { lines, title } of await listing(flags, catalog)) {
    if (title !== undefined) titles.say('info', title)
    stdout.write(lines.map((line) => `${line}\n`).join(''))
  }
  return 0
}

async function write(flags: Flags, { io }: CommandContext, following: Following): Promise<number> {
  const { newClusterText } = await import('../local/new-cluster-file/new-cluster-text.ts')
  const text = await newClusterText(flags, io, following)
  if (flags.on('print')) {
    io.stdout.write(`Configuration File: \n${text}`)
    return 0
  }
  const path = flags.text('name')
  const { writeClusterFile } = await import('../local/new-cluster-file/write-cluster-file.ts')
  const kept = await writeClusterFile(path, text)
  if (kept !== undefined) following.renderer.say('info', `[config] The former ${path} is kept as [${kept}]`)
  following.renderer.say('debug', `[config] Wrote the cluster file [${path}]`)
  return 0
}

#!/usr/bin/env node
import { fileURLToPath } from 'node:url'

// Nothing of ours is imported before the version is known: an old Node must be able to read this file and say so.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`rke needs Node 22.18 or newer; this is Node ${process.versions.node}\n`)
  process.exitCode = 1
} else {
  // Halves the time to start. In our own folder, not the system's temporary one, where others could write to it.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(fileURLToPath(new URL('../.cache/compile', import.meta.url)))
  const { main } = await import('../src/cli/main.ts')
  // Whoever reads our output may go away (`rke up | head`); a run that changes machines goes on all the same.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  process.exitCode = await main(process.argv.slice(2), process)
  // All is done and said; a connection that is slow to close must not keep anybody waiting, and neither must a file that
  // never answers, such as a pipe to which nobody writes: Node itself waits for that before it exits. For a shell, the end
  // by SIGINT is exit code 130.
  setTimeout(() => {
    if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) {
      process.kill(process.pid, process.exitCode === 130 ? 'SIGINT' : 'SIGTERM')
    }
    process.exit()
  }, 200).unref()
}

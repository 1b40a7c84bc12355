// Runs one of the project's TypeScript programs right after `git clone`: installs the packages if they are not
// there, then hands over to the Node among them. Plain JavaScript for whatever Node this machine has.
//
//   node test/start.mjs PROGRAM [ARGUMENT…]
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const node = join(modules, '.bin', 'node')
const lowestNode = join(root, 'test', 'lowest-node', 'node_modules', '.bin', 'node')

// npm writes the last file last: an installation that was cut short is made again.
if (![node, lowestNode, join(modules, '.package-lock.json')].every((file) => existsSync(file))) {
  console.log('installing the packages (npm ci)')
  const code = await run('npm', ['ci', '--no-progress', '--loglevel=error'], root)
  if (code !== 0) {
    console.error('npm ci failed: see above')
    process.exit(code)
  }
}
process.exitCode = await run(node, process.argv.slice(2), process.cwd())

/** Runs a program on this terminal; resolves to its exit code. */
function run(file, args, cwd) {
  // A login shell has the last ones; a job runner may not.
  const path = [dirname(node), process.env.PATH ?? '/usr/bin:/bin', '/usr/local/go/bin', '/usr/sbin', '/sbin']
  const env = { ...process.env, PATH: path.join(delimiter) }
  const child = spawn(file, args, { cwd, env, stdio: 'inherit' })
  // The terminal sends Ctrl-C to both; whoever ends only this process means the program.
  const pass = (signal) => {
    if (signal !== 'SIGINT') child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass)
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`cannot start ${file}: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code, signal) => {
      for (const one of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(one, pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}

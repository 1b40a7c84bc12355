import { readFileSync } from 'node:fs'
import { factsOf } from './facts.ts'

/** Prints all facts of the cluster file that is named on the command line. */
const [, , path = 'cluster.yml'] = process.argv
process.stdout.write(`${(await factsOf(readFileSync(path))).join('\n')}\n`)

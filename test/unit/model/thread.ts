import { parentPort, workerData } from 'node:worker_threads'
import { failuresAmong } from './failures.ts'

parentPort?.postMessage(await failuresAmong(workerData))

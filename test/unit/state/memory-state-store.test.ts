import { describe } from 'vitest'
import { MemoryStateStore } from '../../../src/state/memory-state-store.ts'
import { storeContract } from './store-contract.ts'

describe('in memory', () => storeContract(() => new MemoryStateStore()))

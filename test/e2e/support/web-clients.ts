import { expect } from 'vitest'
import type { Machine } from '../../testbed/index.ts'
import { askOnce } from './ask.ts'
import { type Chronicle, keepChronicle } from './chronicle.ts'
import { type Constantly, constantly } from './constantly.ts'
import { deployWeb, type WebSettings, webEndpoints, webPods, webUrl } from './web-service.ts'
import type { Workspace } from './workspace.ts'

/** Clients of two replicas of a Service: one request every 100 ms, each over a connection of its own. */
export class WebClients {
  readonly #requests: Constantly
  readonly #chronicle: Chronicle

  private constructor(requests: Constantly, chronicle: Chronicle) {
    this.#requests = requests
    this.#chronicle = chronicle
  }

  /** Deploys the Service on the cluster of a workspace, and asks it through this machine from now on. */
  static async start(
    workspace: Workspace,
    { address }: Machine,
    settings: WebSettings = {},
  ): Promise<WebClients> {
    await deployWeb(workspace.kube(), address, settings)
    return new WebClients(
      constantly(100, () => askOnce(webUrl(address))),
      keepChronicle(() => workspace.kube(), { pods: webPods, endpoints: webEndpoints }),
    )
  }

  /** Many requests were made since the last call of this, and none was lost. */
  expectNoLoss(): void {
    const { made, failures } = this.#requests.take()
    const happened = this.#chronicle.take()
    expect(made).toBeGreaterThan(50)
    expect(failures, happened).toEqual([])
  }

  async stop(): Promise<void> {
    await this.#requests.stop()
    await this.#chronicle.stop()
  }
}

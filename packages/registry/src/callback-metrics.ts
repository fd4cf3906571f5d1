import { exposeAsked, type Metrics } from '@ott/runtime'

import type { Callback } from './callback.ts'
import type { CallbackRegistry } from './callback-registry.ts'

const states = ['well', 'failing', 'disabled'] as const

/** Puts how many callbacks there are among a program's metrics, asked when they are collected. */
export function exposeCallbacks(registry: Metrics['registry'], callbacks: Pick<CallbackRegistry, 'all'>): void {
  exposeAsked(registry, () => callbacks.all(), [
    {
      name: 'ott_callbacks',
      help: 'Registered callbacks, by state.',
      labels: ['state'],
      over: 'max',
      values: (all) => {
        const found = all.map(stateOf)
        return states.map((state) => ({ state, value: found.filter((each) => each === state).length }))
      },
    },
  ])
}

function stateOf({ disabled, failing }: Callback): (typeof states)[number] {
  if (disabled !== undefined) return 'disabled'
  return failing === undefined ? 'well' : 'failing'
}

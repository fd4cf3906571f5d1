import { expect, test } from '@jest/globals'

import { toChart } from './chart.ts'
import { compare } from './row.ts'
import { toShort, toTable } from './table.ts'

const cpu = { scenario: 'accept', what: 'CPU ingress', unit: 'µs' }

test('a target for the ratio is held against the median of the rounds’ ratios', () => {
  const target = { of: 'ratio', atMost: 0.9 } as const
  expect(compare({ ...cpu, target }, { ours: [8, 9, 30], baseline: [10, 10, 10] }).met).toBe(true)
  expect(compare({ ...cpu, target }, { ours: [8, 9.1, 30], baseline: [10, 10, 10] }).met).toBe(false)
})

test('a target for ours asks nothing of the baseline', () => {
  const target = { of: 'ours', atLeast: 2000 } as const
  expect(compare({ ...cpu, target }, { ours: [2000], baseline: [] }).met).toBe(true)
  expect(compare({ ...cpu, target }, { ours: [1999], baseline: [] }).met).toBe(false)
})

test('what was not measured, or never came to an end, is not said to be met', () => {
  const target = { of: 'ours', atMost: 25 } as const
  expect(compare({ ...cpu, target }, { ours: [], baseline: [] }).met).toBeUndefined()
  expect(compare({ ...cpu, target }, { ours: [Infinity], baseline: [] }).met).toBe(false)
  expect(compare({ ...cpu, target }, { ours: [Number.NaN], baseline: [] }).met).toBe(false)
})

test('a table tells medians, what lies around them, and whether targets are met', () => {
  const rows = [
    compare({ ...cpu, target: { of: 'ratio', atMost: 0.9 } }, { ours: [8, 9], baseline: [10, 10] }),
    compare({ ...cpu, what: 'accepted', unit: '/s' }, { ours: [23_456], baseline: [] }),
  ]
  expect(toTable(rows, (text, met) => `${text}${met ? '!' : '?'}`)).toEqual([
    '                               ours   baseline              ratio        target',
    'CPU ingress (µs)   8.50 (8.00–9.00)       10.0   0.85 (0.80–0.90)   ratio ≤ 0.9   met!',
    'accepted (/s)                 23456          –                  –',
  ])
})

test.each([
  [0.123, '0.12'],
  [12.34, '12.3'],
  [123.4, '123'],
  [Infinity, 'none'],
])('%p is told as %p', (value, told) => {
  expect(toShort(value)).toBe(told)
})

test('a chart is drawn of all three scenarios, or not at all', () => {
  const values = { ours: [50], baseline: [100] }
  const rows = ['accept', 'deliver', 'e2e'].map((scenario) => compare({ ...cpu, scenario }, values))
  expect(toChart(rows.slice(1), 'a & b')).toBeUndefined()
  const svg = toChart(rows, 'a & b') ?? ''
  expect(svg).toContain('a &amp; b')
  expect(svg.match(/fill="#2f6fb0"/g)).toHaveLength(7)
  expect(svg).toContain('width="480.0"')
  expect(svg).toContain('width="240.0"')
})

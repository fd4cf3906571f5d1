import { bold, faint, green, print, red } from '@ott/local'

import type { Percentiles } from './recovery.ts'
import { type Report, type Row, toRows } from './report.ts'

const column = 46

/** The report as people read it. */
export function printReport(report: Report): void {
  const { kills, events, recovery, selfEnded, disorderly, duplicates } = report
  print(`\n${bold('What the three books say')}\n`)
  for (const row of toRows(report)) printRow(row)
  print(`\n${bold('What happened')}\n`)
  printRow({ what: 'kill -9', value: `${events.kill}: ${list(kills)}` })
  const others = { 'Redis restarted': events.restart, frozen: events.freeze, cuts: events.cut, deploys: events.rotate }
  printRow({ what: 'besides', value: list(others) })
  const selfEnds = Object.groupBy(selfEnded, ({ member }) => member)
  const counted = Object.fromEntries(Object.entries(selfEnds).map(([member, ends]) => [member, ends.length]))
  printRow({ what: 'ended by themselves, started again', value: list(counted) || '0' })
  printRow({ what: 'did not stop orderly', value: disorderly.join(', ') || '0' })
  for (const [kind, { ready, served }] of Object.entries(recovery)) {
    const value = `ready ${show(ready)}, next one served ${show(served)}`
    printRow({ what: `recovery of ${kind} (p50 / p99)`, value })
  }
  printExplanations(duplicates)
  printStories(report)
  print(`\n${verdictOn(report)}`)
  print(`Seed ${report.seed}. The same again: ${report.command}`)
}

function verdictOn({ ok, counts }: Report): string {
  if (!ok) return red('Not everything held.')
  const unconfirmed = counts.unconfirmedUndelivered
  const but = unconfirmed === 0 ? '' : ` (${unconfirmed} replies say themselves that they were not confirmed.)`
  return green('Nothing lost, nothing doubled, nothing stuck.') + but
}

function printRow({ what, value, mustBeZero = false }: Row): void {
  const note = mustBeZero ? (value === '0' ? green('ok') : red('MUST BE 0')) : ''
  print(`  ${what.padEnd(column)} ${value} ${note}`.trimEnd())
}

/** How many duplicates each event can explain: most are explained by one alone. */
function printExplanations(duplicates: Report['duplicates']): void {
  if (duplicates.length === 0) return
  const counts = new Map<string, number>()
  for (const { explainedBy } of duplicates)
    for (const name of new Set(explainedBy.flat())) counts.set(name, (counts.get(name) ?? 0) + 1)
  print(`\n${bold('During which a network took something twice')}\n`)
  for (const [what, count] of [...counts].toSorted(([, one], [, other]) => other - one))
    printRow({ what, value: String(count) })
}

function printStories({ stories }: Report): void {
  for (const { kind, index, why, id, status, ledger, events } of stories) {
    print(`\n${red(kind)}: message ${index}, ${id ?? 'without an id'}: ${why}`)
    print(faint(`  status: ${JSON.stringify(status)}`))
    for (const entry of ledger) print(faint(`  ledger: ${new Date(entry.at).toISOString()} ${JSON.stringify(entry)}`))
    for (const event of events) print(faint(`  event:  ${event}`))
  }
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

function show({ p50, p99 }: Percentiles): string {
  return `${inSeconds(p50)} / ${inSeconds(p99)}`
}

function inSeconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`
}

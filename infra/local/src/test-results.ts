import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { repository } from './repository.ts'

/** Where a room's tests leave what became of them, by Jest's `--json`. */
export const resultsFile = 'test-results.json'

/** What became of tests. `failures` names each that failed; a file of tests that could not run counts as one. */
export type TestResults = {
  readonly passed: number
  readonly skipped: number
  readonly failures: readonly string[]
}

/** The part of Jest's report that is used: https://jestjs.io/docs/cli#--json */
type JestReport = {
  readonly numPassedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** A room's results; a room whose tests left none has failed. */
export function readResults(room: string): TestResults {
  try {
    const report: JestReport = JSON.parse(readFileSync(join(repository, room, resultsFile), 'utf8'))
    return toResults(room, report)
  } catch {
    return { passed: 0, skipped: 0, failures: [`${room}: its tests left no results`] }
  }
}

/** Reads Jest's report of a room. */
export function toResults(room: string, report: JestReport): TestResults {
  const failures = report.testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${room}: ${test.fullName}`)
    return status === 'failed' && failed.length === 0 ? [`${room}: ${fileName(name)} could not run`] : failed
  })
  return { passed: report.numPassedTests, skipped: report.numPendingTests + report.numTodoTests, failures }
}

/** All rooms' results as one. */
export function sumResults(results: readonly TestResults[]): TestResults {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    skipped: results.reduce((sum, { skipped }) => sum + skipped, 0),
    failures: results.flatMap(({ failures }) => failures),
  }
}

/** The sum in words: `12 passed, 0 failed`. */
export function inWords({ passed, skipped, failures }: TestResults): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { expect, test } from '@jest/globals'

import { readEnvironment } from './environment.ts'
import { TracingEnvironment } from './tracing.ts'

const run = promisify(execFile)

const file = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)

/** How many files of OpenTelemetry's SDK a program reads that has this environment. Its api comes with prom-client. */
async function filesRead(environment: Readonly<Record<string, string>>): Promise<number> {
  const program = `
    import { registerHooks } from 'node:module'
    let files = 0
    registerHooks({ load: (url, context, next) => {
      if (/\\/node_modules\\/@opentelemetry\\/(?!api\\/)/.test(url)) files += 1
      return next(url, context)
    } })
    const { readEnvironment } = await import(${file('index.js')})
    const { loadTracing, TracingEnvironment } = await import(${file('tracing.js')})
    await loadTracing(readEnvironment(TracingEnvironment))
    console.log(files)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env: environment })
  return Number(stdout)
}

const collector = 'http://127.0.0.1:4318'

test.each<Readonly<Record<string, string>>>([
  {},
  { OTEL_SERVICE_NAME: 'shop', OTEL_TRACES_SAMPLER: 'always_on' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_TRACES_EXPORTER: 'none' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_SDK_DISABLED: 'TRUE' },
])('a program that is not to trace reads not one file of OpenTelemetry’s SDK: %j', async (environment) => {
  expect(await filesRead(environment)).toBe(0)
})

test.each<Readonly<Record<string, string>>>([
  { OTEL_TRACES_EXPORTER: 'otlp' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_SDK_DISABLED: 'false' },
  { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector}/v1/traces` },
])('a program traces when it is told an exporter or where to: %j', async (environment) => {
  expect(await filesRead(environment)).toBeGreaterThan(0)
})

test.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])(
  'a program whose %s is no URL does not start, and says what one looks like',
  (variable) => {
    const read = () => readEnvironment(TracingEnvironment, { [variable]: 'collector:4318' })
    expect(read).toThrow(`${variable}: must be a URL such as ${collector}`)
  },
)

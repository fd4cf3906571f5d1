import { join } from 'node:path'

import { expect, test } from '@jest/globals'

import { repository } from './repository.ts'
import { planPrograms, readFolders, readPorts } from './start-plan.ts'

test('every port can be changed, and an empty variable is one that is not set', () => {
  const ports = readPorts({ INGRESS_PORT: '18080', BOARD_PORT: '', REDIS_PORT: '16379' })
  expect(ports.ingress).toEqual({ owner: 'the ingress', variable: 'INGRESS_PORT', port: 18_080 })
  expect(ports.board.port).toBe(8081)
  expect(ports.redis?.port).toBe(16_379)
  expect(readPorts({}).redis).toBeUndefined()
})

test.each(['0', '65536', '80 80', '-1', 'http'])('%p is no port', (text) => {
  expect(() => readPorts({ SANDBOX_PORT: text })).toThrow(`SANDBOX_PORT is no port number: ${text}`)
})

test('a Redis that runs already keeps its port', () => {
  expect(readPorts({ REDIS_URL: 'redis://elsewhere', REDIS_PORT: '6379' }).redis).toBeUndefined()
})

test('each program gets its own ports whatever the environment holds, and listens on this machine alone', () => {
  const environment = { PORT: '1', HEALTH_PORT: '2', LOG_LEVEL: 'debug', HOST: '0.0.0.0' }
  const programs = planPrograms(readPorts({}), '/logs', environment)
  const ports = programs.map(({ name, env }) => [name, env?.['PORT'], env?.['HEALTH_PORT']])
  expect(ports).toEqual([
    ['sandbox', '8082', '2'],
    ['board', '8081', '2'],
    ['worker-line', '1', '9101'],
    ['worker-messenger', '1', '9102'],
    ['callbacks', '1', '9103'],
    ['ingress', '8080', '9100'],
  ])
  expect(programs[0]?.logFile).toBe('/logs/sandbox.log')
  for (const { env } of programs) expect(env).toMatchObject({ LOG_LEVEL: 'debug', HOST: '127.0.0.1' })
})

test('what outlasts a run is kept in the repository, unless another folder is named', () => {
  expect(readFolders({}).logs).toBe(join(repository, '.data/logs'))
  expect(readFolders({ DATA_FOLDER: '/tmp/elsewhere' }).redis).toBe('/tmp/elsewhere/redis')
})

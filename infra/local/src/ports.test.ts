import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { freePort, portFaults } from './ports.ts'

/** Elsewhere nothing marks a port. */
const testOnLinux = process.platform === 'linux' ? test : test.skip

test('a port that is taken is named with who wants it and what changes that', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const faults = await portFaults([
    { port: await freePort(), owner: 'ingress', variable: 'INGRESS_PORT' },
    { port, owner: 'board', variable: 'BOARD_PORT' },
  ])
  expect(faults).toEqual([
    `Port ${port}, meant for board, is already in use. Stop the program that has it, or set BOARD_PORT to another port.`,
  ])
  server.close()
})

test('a port that two programs are to have is named before either starts', async () => {
  const port = await freePort()
  const faults = await portFaults([
    { port, owner: 'ingress', variable: 'INGRESS_PORT' },
    { port, owner: 'board', variable: 'BOARD_PORT' },
  ])
  expect(faults).toEqual([`Port ${port} is meant for both ingress and board: set BOARD_PORT to another port.`])
})

testOnLinux(
  'a port that was given is not given again, whether its program listens just now or was killed and is to come back',
  async () => {
    const ports: number[] = []
    // So many that two would be the same, were they picked at random alone.
    while (ports.length < 1000) ports.push(await freePort())
    expect(new Set(ports).size).toBe(ports.length)
  },
)

test('ports that nobody listens on are no fault', async () => {
  const port = await freePort()
  const claims = [{ port, owner: 'ingress', variable: 'INGRESS_PORT' }]
  expect(await portFaults(claims)).toEqual([])
  expect(await portFaults(claims)).toEqual([])
})

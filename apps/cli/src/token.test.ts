import { expect, test } from '@jest/globals'
import { freePort } from '@ott/local'

import { useApi } from './use-api.ts'
import { runOtt } from './use-ott.ts'

const api = useApi()

test('the token is printed alone, so that it can stand in a command, and is one of the API', async () => {
  const { code, stdout, stderr } = await api.program(['token'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const status = await fetch(`${api.env()['OTT_URL']}/ott/v1/send/nothing`, {
    headers: { authorization: `Bearer ${stdout.trim()}`, connection: 'close' },
  })
  expect(status.status).toBe(404)
})

test('as JSON it comes with the time it has', async () => {
  expect(await api.json(['token'])).toEqual({ access_token: expect.any(String), expires_in: expect.any(Number) })
})

test('a client that is refused is told what to do, and its secret is not repeated', async () => {
  const { code, stderr } = await api.run(['token'], { env: { OTT_CLIENT_SECRET: 'hunter2' } })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: no token: .*\. `ott client list`/)
  expect(stderr).not.toContain('hunter2')
})

test('without settings each is named, and where they come from', async () => {
  const { code, stderr } = await runOtt(['token'], { env: { OTT_ENV_FILE: '/dev/null' } })
  expect(code).toBe(1)
  for (const name of ['OTT_URL', 'OTT_CLIENT_ID', 'OTT_CLIENT_SECRET']) expect(stderr).toContain(`${name}: must be set`)
  expect(stderr).toContain('npm start')
})

test('without an ingress it says where it looked', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const { code, stderr } = await api.run(['token'], { env: { OTT_URL: url } })
  expect(code).toBe(1)
  expect(stderr).toContain(`${url} does not answer`)
})

test('an address with a password in it is refused, and the password not repeated', async () => {
  const { code, stderr } = await api.run(['token'], { env: { OTT_URL: 'http://shop:hunter2@127.0.0.1' } })
  expect(code).toBe(1)
  expect(stderr).toContain('without a user or password in it')
  expect(stderr).not.toContain('hunter2')
})

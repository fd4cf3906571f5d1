import { expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'
import { aRegistration } from './requests.ts'

const ingress = useIngress()

const register = (unconfirmedReply?: unknown) =>
  ingress.post('/ott/v1/registration', aRegistration({ unconfirmedReply }))
const show = async () => (await ingress.request('GET', '/ott/v1/registration/line/1656000000')).json

test.each(['sent', 'error'])('a choice is taken and shown: %s', async (choice) => {
  expect((await register(choice)).status).toBe(201)
  expect(await show()).toMatchObject({ ottPlatformAttributes: { unconfirmedReply: choice } })
})

test.each([undefined, null, ''])('a choice that is left out (%j) is the network’s to make', async (choice) => {
  expect((await register(choice)).status).toBe(201)
  expect(ingress.senders.get('line:1656000000')?.attributes).not.toHaveProperty('unconfirmedReply')
})

test.each(['perhaps', 'Sent', 'toString'])(
  'what is none of the choices (%s) is refused, naming them',
  async (choice) => {
    const answer = await register(choice)
    expect(answer.status).toBe(400)
    expect(problemsOf(answer)).toEqual(['10005 UnconfirmedReply must be sent or error'])
  },
)

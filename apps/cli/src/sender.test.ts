import { expect, test } from '@jest/globals'

import { useOtt } from './use-ott.ts'
import { channelSecret, of, registration, secretLines, shown, useSenders } from './use-senders.ts'

const ott = useOtt()
const senders = useSenders(ott.redis)

test('a sender is deactivated and activated, and keeps its secrets', async () => {
  await ott.json(registration('3'), { input: secretLines })
  expect(await ott.json(['sender', 'deactivate', '3', ...of()])).toEqual(shown('3', { isActive: false }))
  expect((await senders.find('3'))?.active).toBe(false)
  expect(await ott.json(['sender', 'activate', '3', ...of()])).toEqual(shown('3'))
  expect(await senders.find('3')).toMatchObject({ active: true, attributes: { channelSecret } })
})

test('an account’s senders are listed, of all networks or of one, and those of other accounts are not', async () => {
  await ott.json(registration('4', '--account', 'listed'), { input: secretLines })
  const page = {
    network: 'messenger',
    id: '5',
    active: true,
    endpointUrl: 'https://graph.facebook.com/v26.0/me/messages',
  }
  await senders.register({ ...page, account: 'listed', attributes: { pageId: '5', pageAccessToken: 'page-token' } })
  const all = await ott.json(['sender', 'list', '--account', 'listed'])
  expect(all).toMatchObject([
    { network: 'line', id: '4' },
    { network: 'messenger', id: '5', attributes: { pageId: '5' } },
  ])
  expect(await ott.json(['sender', 'list', ...of('messenger'), '--account', 'listed'])).toMatchObject([{ id: '5' }])
  expect(await ott.json(['sender', 'list', '--account', 'nobody'])).toEqual([])
  expect((await ott.run(['sender', 'list', '--account', 'listed'])).stdout).toBe(
    'NETWORK    SENDER  STATE   ENDPOINT                                      HOLD\n' +
      'line       4       active  https://api.line.me                           -\n' +
      'messenger  5       active  https://graph.facebook.com/v26.0/me/messages  -\n',
  )
})

test.each(['show', 'activate', 'deactivate', 'resume', 'check'])(
  '%s of an unknown sender says how to find the known',
  async (command) => {
    const { code, stdout, stderr } = await ott.run(['sender', command, 'nobody', ...of(), '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      'error: The account shop has no LINE sender with the channelId nobody. ' +
        '`ott sender list --account shop` shows those there are.\n',
    )
  },
)

test('a network that is none is told with those that are', async () => {
  const { code, stderr } = await ott.run(['sender', 'list', '--account', 'shop', '--network', 'pigeon'])
  expect(code).toBe(2)
  expect(stderr).toContain('There are: line or messenger.')
})

import { beforeEach, expect, test } from '@jest/globals'

import { aSender, problemsOf, useIngress } from '../use-ingress.ts'

const ingress = useIngress()

const list = (query = '', platform = 'line') => ingress.request('GET', `/ott/v1/registration/${platform}${query}`)
const page = (number: number, size: number) => ({
  href: `/ott/v1/registration/line?%24page=${number}&%24pagesize=${size}`,
})

beforeEach(() => {
  ingress.senders.clear()
  for (const id of ['1', '2', '3', '4', '5'])
    ingress.senders.set(`line:${id}`, aSender({ id, attributes: { channelId: id } }))
})

test('one sender is shown under the names of the document', async () => {
  const attributes = {
    channelId: '6',
    channelName: 'Shop',
    channelSecret: 'hush',
    isTransactional: false,
    isTestChannel: true,
  }
  ingress.senders.set('line:6', aSender({ id: '6', active: false, attributes }))
  const answer = await ingress.request('GET', '/ott/v1/registration/LINE/6')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.json).toEqual({
    ottPlatformName: 'line',
    ottPlatformAttributes: {
      channelId: '6',
      channelName: 'Shop',
      isTransactional: false,
      isTestChannel: true,
      endpointUrl: 'https://api.line.me',
      isActive: false,
      apiVersion: 'v2',
    },
  })
})

test.each([
  ['https://graph.facebook.com/v25.0/me/messages', 'v25.0'],
  ['https://graph.facebook.com/v3/100/messages', 'v3'],
  ['https://graph.facebook.com/me/messages', 'v26.0'],
  ['https://graph.facebook.com/version/v1x/messages', 'v26.0'],
])('the API version of a sender at %s is %s', async (endpointUrl, apiVersion) => {
  ingress.senders.set('messenger:7', aSender({ network: 'messenger', id: '7', endpointUrl }))
  const { json } = await ingress.request('GET', '/ott/v1/registration/messenger/7')
  expect(json).toMatchObject({ ottPlatformAttributes: { endpointUrl, apiVersion } })
})

test('without a query the first fifty senders are listed', async () => {
  const { status, json } = await list()
  expect(status).toBe(200)
  expect(json).toMatchObject({ count: 5, page: 1, pageSize: 50, links: { self: page(1, 50) } })
  expect(json).toHaveProperty('items.length', 5)
  expect(json).toHaveProperty(['links'], { self: page(1, 50) })
})

test.each([
  [1, { self: page(1, 2), next: page(2, 2) }, ['1', '2']],
  [2, { self: page(2, 2), previous: page(1, 2), next: page(3, 2) }, ['3', '4']],
  [3, { self: page(3, 2), previous: page(2, 2) }, ['5']],
  [4, { self: page(4, 2), previous: page(3, 2) }, []],
])('page %i of two senders each links to its neighbours', async (number, links, channelIds) => {
  const { json } = await list(`?$page=${number}&$pagesize=2`)
  const items = channelIds.map((channelId) => ({ ottPlatformAttributes: { channelId } }))
  expect(json).toMatchObject({ count: 5, page: number, pageSize: 2, items })
  expect(json).toHaveProperty('links', links)
})

test('a page that ends with the last sender has no next', async () => {
  expect((await list('?$page=1&$pagesize=5')).json).toHaveProperty('links', { self: page(1, 5) })
})

test('a link leads where it says', async () => {
  const { json } = await list('?$page=1&$pagesize=2')
  const next = await ingress.request(
    'GET',
    String(Reflect.get(Object(Reflect.get(Object(json), 'links')), 'next').href),
  )
  expect(next.json).toMatchObject({ page: 2, pageSize: 2, items: [{ ottPlatformAttributes: { channelId: '3' } }, {}] })
})

const badPage = '10005 $page must be a whole number of at least 1'
const badSize = '10005 $pagesize must be a whole number from 1 to 500'

test.each([
  ['?$page=0', badPage],
  ['?$page=-1', badPage],
  ['?$page=one', badPage],
  ['?$page=', badPage],
  ['?$page=1e3', badPage],
  ['?$page=9999999999', badPage],
  ['?$pagesize=0', badSize],
  ['?$pagesize=501', badSize],
  ['?$page=1.5&$pagesize=x', badPage, badSize],
  ['?$page=1&$page=2', '10001 $page must be a whole number of at least 1'],
])('a list with %s is refused', async (query, ...problems) => {
  const answer = await list(query)
  expect(answer.status).toBe(400)
  expect(problemsOf(answer)).toEqual(problems)
})

test('$PageSize may come in any case, and as far as 500', async () => {
  expect((await list('?%24PageSize=500')).json).toMatchObject({ pageSize: 500 })
})

test.each([
  ['GET', 'telegram', '30003 There is no platform of this name'],
  ['GET', 'telegram/1', '30003 There is no platform of this name'],
  ['DELETE', 'constructor/1', '30003 There is no platform of this name'],
  ['GET', 'line/6', '30003 There is no LINE registration with this channelId'],
  ['DELETE', 'messenger/1', '30003 There is no Messenger registration with this pageId'],
])('%s of %s, which is not there, is answered with 404', async (method, path, problem) => {
  const answer = await ingress.request(method, `/ott/v1/registration/${path}`)
  expect(answer.status).toBe(404)
  expect(problemsOf(answer)).toEqual([problem])
})

test('a sender that is removed is gone', async () => {
  expect(await ingress.request('DELETE', '/ott/v1/registration/line/3')).toMatchObject({ status: 204, text: '' })
  expect((await ingress.request('GET', '/ott/v1/registration/line/3')).status).toBe(404)
  expect((await ingress.request('DELETE', '/ott/v1/registration/line/3')).status).toBe(404)
})

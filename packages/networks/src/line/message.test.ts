import { expect, test } from '@jest/globals'
import type { messagingApi } from '@line/bot-sdk'
import type { Content } from '@ott/delivery'

import { limits } from './limits.ts'
import { toMessage } from './message.ts'

const url = 'https://example.com/a'

// The right-hand side is typed by LINE's own package: the objects here are what its API takes.
test.each<[Content, messagingApi.Message]>([
  [
    { type: 'text', text: 'hello' },
    { type: 'text', text: 'hello' },
  ],
  [
    { type: 'image', url, previewUrl: `${url}/p` },
    { type: 'image', originalContentUrl: url, previewImageUrl: `${url}/p` },
  ],
  [
    { type: 'video', url, previewUrl: `${url}/p` },
    { type: 'video', originalContentUrl: url, previewImageUrl: `${url}/p` },
  ],
  [
    { type: 'audio', url, durationMs: 13141 },
    { type: 'audio', originalContentUrl: url, duration: 13141 },
  ],
  [
    {
      type: 'native',
      payload: { type: 'location', title: 'Here', address: 'Street 1', latitude: 1.5, longitude: 2.5 },
    },
    { type: 'location', title: 'Here', address: 'Street 1', latitude: 1.5, longitude: 2.5 },
  ],
  [
    { type: 'audio', url: 'https://example.com/Grüße 1.m4a?x=%20', durationMs: 1 },
    { type: 'audio', originalContentUrl: 'https://example.com/Gr%C3%BC%C3%9Fe%201.m4a?x=%20', duration: 1 },
  ],
])('%j becomes LINE’s %j', (content, message) => {
  expect(toMessage(content)).toEqual(message)
})

const apple = '🍎'

test.each<[string, Content, [string, string] | undefined]>([
  ['a text of 5000 UTF-16 units', { type: 'text', text: apple.repeat(2500) }, undefined],
  [
    'one of 5001',
    { type: 'text', text: `${apple.repeat(2500)}.` },
    ['text', 'must not be longer than 5000 characters'],
  ],
  ['an image without a preview', { type: 'image', url }, ['previewUrl', 'must be provided']],
  ['a video without a preview', { type: 'video', url }, ['previewUrl', 'must be provided']],
  ['an audio without a duration', { type: 'audio', url }, ['durationMs', 'must be provided']],
  ['plain http', { type: 'image', url: 'http://example.com/a', previewUrl: url }, ['url', 'must be an https URL']],
  [
    'a preview over plain http',
    { type: 'image', url, previewUrl: 'http://example.com/a' },
    ['previewUrl', 'must be an https URL'],
  ],
  ['a URL of 2000 characters', { type: 'audio', url: url.padEnd(2000, 'a'), durationMs: 1 }, undefined],
  [
    'one of 2001',
    { type: 'audio', url: url.padEnd(2001, 'a'), durationMs: 1 },
    ['url', 'must not be longer than 2000 characters'],
  ],
  [
    'a native object without a type',
    { type: 'native', payload: { text: 'x' } },
    ['payload', 'must be a message object with a type'],
  ],
  ['a native sticker', { type: 'native', payload: { type: 'sticker', packageId: '1', stickerId: '2' } }, undefined],
])('LINE’s limits on %s', (_case, content, problem) => {
  const issues = limits.safeParse(content).error?.issues.map(({ path, message }) => [path[0], message])
  expect(issues).toEqual(problem === undefined ? undefined : [problem])
})

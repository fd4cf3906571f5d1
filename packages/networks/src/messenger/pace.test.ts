import { expect, test } from '@jest/globals'

import { paceOf } from './pace.ts'

test.each([
  ['a text', { type: 'text', text: 'Your table is ready' }, 300],
  ['an image', { type: 'image', url: 'https://shop.example/table.png' }, 300],
  ['audio', { type: 'audio', url: 'https://shop.example/song.mp3' }, 10],
  ['video', { type: 'video', url: 'https://shop.example/film.mp4' }, 10],
  ['a native message with a video', { type: 'native', payload: { attachment: { type: 'video', payload: {} } } }, 10],
  ['a native text', { type: 'native', payload: { text: 'hello' } }, 300],
] as const)('%s is sent at the pace that Meta publishes for it', (_what, content, perSecond) => {
  expect(paceOf({ contents: [content] }).perSecond).toBe(perSecond)
})

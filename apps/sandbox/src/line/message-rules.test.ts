import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { hello, openTestSandbox, repeat, type TestSandbox } from '../test-sandbox.ts'

const url = 'https://example.com/a'
const image = { type: 'image', originalContentUrl: url, previewImageUrl: url }
const action = { type: 'message', label: 'Yes', text: 'yes' }
const buttons = { type: 'buttons', text: 'Sure?', actions: [action] }
const template = (part: unknown) => ({ type: 'template', altText: 'a', template: part })
const column = { text: 'One', actions: [action] }
const area = { x: 0, y: 0, width: 10, height: 10 }
const imagemap = {
  type: 'imagemap',
  baseUrl: url,
  altText: 'a',
  baseSize: { width: 1040, height: 1040 },
  actions: [{ type: 'uri', linkUri: url, area }],
}
const bubble = { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'hi' }] } }
const flex = (contents: unknown) => ({ type: 'flex', altText: 'a', contents })
const quickReply = (items: number, label = 'Yes') => ({
  items: repeat(items, { type: 'action', action: { ...action, label } }),
})

const longest = (max: number) => `Length must be between 0 and ${max}`
const size = (min: number, max: number) => `Size must be between ${min} and ${max}`

let sandbox: TestSandbox
let headers: Record<string, string>
beforeAll(async () => {
  sandbox = await openTestSandbox()
  headers = await sandbox.authorize('1')
})
afterAll(() => sandbox.close())

const validate = (...messages: unknown[]) =>
  sandbox.call('/line/v2/bot/message/validate/push', { messages }, { headers })

test.each<[string, object]>([
  ['5000 UTF-16 units of text', { type: 'text', text: '😀'.repeat(2500) }],
  ['an emoji at its place', { type: 'text', text: 'a $', emojis: [{ index: 2, productId: '1', emojiId: '1' }] }],
  ['a text with names to fill in', { type: 'textV2', text: 'Hi {x}', substitution: { x: { type: 'mention' } } }],
  ['a sticker', { type: 'sticker', packageId: '446', stickerId: '1988' }],
  ['an image', image],
  ['a video', { ...image, type: 'video', trackingId: 't' }],
  ['an audio', { type: 'audio', originalContentUrl: url, duration: 60_000 }],
  ['a location', { type: 'location', title: 't', address: 'a', latitude: 35.6, longitude: 139.7 }],
  ['an imagemap', imagemap],
  ['buttons', template({ ...buttons, title: null, thumbnailImageUrl: null })],
  ['a confirm', template({ type: 'confirm', text: 'Sure?', actions: [action, action] })],
  ['a carousel', template({ type: 'carousel', columns: [column, column] })],
  ['an image carousel', template({ type: 'image_carousel', columns: [{ imageUrl: url, action }] })],
  ['a bubble', flex(bubble)],
  ['a carousel of bubbles', flex({ type: 'carousel', contents: [bubble, bubble] })],
  ['a coupon', { type: 'coupon', couponId: '01' }],
  ['13 quick replies', { ...hello, quickReply: quickReply(13) }],
  ['a label of 20 emoji, which count once each', { ...hello, quickReply: quickReply(1, '👨‍👩‍👧'.repeat(20)) }],
  ['a property unknown here', { ...hello, somethingNew: true }],
])('LINE takes %s', async (_name, message) => {
  expect(await validate(message)).toMatchObject({ status: 200, body: {} })
})

test.each<[string, unknown, string, string]>([
  ['a text is missing', { type: 'text' }, 'text', 'May not be empty'],
  ['a text is empty', { type: 'text', text: '' }, 'text', 'May not be empty'],
  ['a text is too long', { type: 'text', text: '😀'.repeat(2500) + 'a' }, 'text', longest(5000)],
  [
    'an emoji is nowhere',
    { ...hello, emojis: [{ index: 0, productId: '1', emojiId: '1' }] },
    'emojis',
    'Each index must point at a $ in the text',
  ],
  [
    'a URL is not https',
    { ...image, originalContentUrl: 'http://example.com' },
    'originalContentUrl',
    'Must be a valid HTTPS URL',
  ],
  ['a URL is not encoded', { ...image, previewImageUrl: `${url}/é` }, 'previewImageUrl', 'Must be a valid HTTPS URL'],
  ['a URL is too long', { ...image, previewImageUrl: url.padEnd(2001, 'a') }, 'previewImageUrl', longest(2000)],
  ['a preview is missing', { type: 'video', originalContentUrl: url }, 'previewImageUrl', 'May not be empty'],
  [
    'a duration is text',
    { type: 'audio', originalContentUrl: url, duration: '1' },
    'duration',
    'Must be a whole number',
  ],
  ['a duration is nothing', { type: 'audio', originalContentUrl: url, duration: 0 }, 'duration', 'Must be positive'],
  [
    'a sticker id is a number',
    { type: 'sticker', packageId: '1', stickerId: 2 },
    'stickerId',
    'Must be of type string',
  ],
  [
    'a place has no latitude',
    { type: 'location', title: 't', address: 'a', longitude: 1 },
    'latitude',
    'May not be empty',
  ],
  ['an altText is too long', { ...flex(bubble), altText: 'a'.repeat(1501) }, 'altText', longest(1500)],
  [
    'an imagemap is too narrow',
    { ...imagemap, baseSize: { width: 1000, height: 1 } },
    'baseSize.width',
    'Must be 1040',
  ],
  [
    'an imagemap video has no area',
    { ...imagemap, video: { originalContentUrl: url, previewImageUrl: url } },
    'video.area',
    'May not be empty',
  ],
  ['there are five buttons', template({ ...buttons, actions: repeat(5, action) }), 'template.actions', size(1, 4)],
  [
    'a titled text is too long',
    template({ ...buttons, title: 't', text: 'a'.repeat(61) }),
    'template.text',
    longest(60),
  ],
  [
    'a confirm has one action',
    template({ type: 'confirm', text: 't', actions: [action] }),
    'template.actions',
    size(2, 2),
  ],
  [
    'a label is too long',
    template({ ...buttons, actions: [{ ...action, label: 'a'.repeat(21) }] }),
    'template.actions[0].label',
    longest(20),
  ],
  [
    'a link leads nowhere',
    template({ ...buttons, actions: [{ type: 'uri', label: 'l', uri: 'javascript:1' }] }),
    'template.actions[0].uri',
    'Invalid action URI',
  ],
  [
    'columns differ',
    template({ type: 'carousel', columns: [column, { ...column, title: 't' }] }),
    'template.columns',
    'Must have the same number of actions, titles and images in all columns',
  ],
  [
    'a bubble is too large',
    flex({ ...bubble, filler: 'a'.repeat(30 * 1024) }),
    'contents',
    'A bubble must not be larger than 30 KB',
  ],
  ['there are 13 bubbles', flex({ type: 'carousel', contents: repeat(13, bubble) }), 'contents.contents', size(1, 12)],
  ['there are 14 quick replies', { ...hello, quickReply: quickReply(14) }, 'quickReply.items', size(1, 13)],
  ['a sender’s name is too long', { ...hello, sender: { name: 'a'.repeat(21) } }, 'sender.name', longest(20)],
])('LINE refuses a message where %s', async (_name, message, property, wording) => {
  const { status, body } = await validate(message)
  expect(status).toBe(400)
  expect(body).toEqual({
    message: 'The request body has 1 error(s)',
    details: [{ message: wording, property: `messages[0].${property}` }],
  })
})

test('all that is wrong is told at once, each at its place', async () => {
  const { body } = await validate({ type: 'text' }, hello, { type: 'file' }, 'hello')
  expect(body).toEqual({
    message: 'The request body has 3 error(s)',
    details: [
      { message: 'May not be empty', property: 'messages[0].text' },
      {
        message:
          'Must be one of the following values: [text, textV2, sticker, image, video, audio, location, imagemap, template, flex, coupon]',
        property: 'messages[2].type',
      },
      { message: 'Must be of type object', property: 'messages[3]' },
    ],
  })
})

import { expect, test } from '@jest/globals'

import { hider } from './quoted.ts'

const hide = hider({
  recipient: { id: 'U4af4980629a1' },
  contents: [
    { type: 'text', text: 'Dear "Erin",\nyour table' },
    { type: 'native', payload: { type: 'location', phone: 81901234567, title: 'Door 7' } },
  ],
})

test.each([
  ['whom it is for', 'no such user U4af4980629a1', 'no such user …'],
  ['what it says', 'refused: Dear "Erin",\nyour table', 'refused: …'],
  ['what it says, as JSON has it', 'refused: {"text":"Dear \\"Erin\\",\\nyour table"}', 'refused: {"text":"…"}'],
  ['a number in it', 'call 81901234567', 'call …'],
  ['nothing of it', 'a location may not be sent as text', 'a location may not be sent as text'],
])('a message that quotes %s is shown without', (_what, message, shown) => {
  expect(hide(message)).toBe(shown)
})

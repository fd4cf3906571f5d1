/** Pictures and sounds of the samples; whoever shows them serves them. */
export const media = 'https://media.test'

const action = { type: 'message', label: 'Yes, please', text: 'Yes, please' }
const open = { type: 'uri', label: 'Show me', uri: 'https://shop.test/autumn' }

const bubble = {
  type: 'bubble',
  hero: { type: 'image', url: `${media}/harbour.svg`, size: 'full' },
  body: {
    type: 'box',
    layout: 'vertical',
    spacing: 'sm',
    contents: [
      { type: 'text', text: 'Boarding pass', weight: 'bold', size: 'xl' },
      {
        type: 'box',
        layout: 'baseline',
        contents: [
          { type: 'text', text: 'Gate', color: '#6b7680', size: 'sm' },
          { type: 'text', text: 'B 22', align: 'end', weight: 'bold' },
        ],
      },
      { type: 'separator' },
      { type: 'text', text: 'Boards at 10:35', color: '#0b63ce' },
    ],
  },
  footer: {
    type: 'box',
    layout: 'vertical',
    contents: [{ type: 'button', style: 'primary', action: { type: 'postback', label: 'Check in', data: 'in' } }],
  },
}

const columns = [
  { thumbnailImageUrl: `${media}/hills.svg`, title: 'Green hills', text: 'Two days on foot', actions: [open] },
  { thumbnailImageUrl: `${media}/harbour.svg`, title: 'Old harbour', text: 'One day by boat', actions: [open] },
]

/** A LINE message of every type, and every template, each with something that its bubble shows (`<img>`: an element). */
export const lineSamples: readonly (readonly [message: object, shows: string])[] = [
  [
    { type: 'text', text: 'Your order is on its way 🚚 https://shop.test/orders/1027.' },
    'https://shop.test/orders/1027',
  ],
  [{ type: 'textV2', text: 'Welcome back' }, 'Welcome back'],
  [{ type: 'image', originalContentUrl: `${media}/hills.svg`, previewImageUrl: `${media}/hills.svg` }, '<img>'],
  [{ type: 'video', originalContentUrl: `${media}/a.mp4`, previewImageUrl: `${media}/harbour.svg` }, '<video>'],
  [{ type: 'audio', originalContentUrl: `${media}/a.m4a`, duration: 61_000 }, '1:01'],
  [{ type: 'sticker', packageId: '446', stickerId: '1988' }, '446/1988'],
  [
    { type: 'location', title: 'Our shop', address: '1-3 Kioicho', latitude: 35.67966, longitude: 139.73669 },
    '1-3 Kioicho',
  ],
  [{ type: 'coupon', couponId: 'AUTUMN' }, 'AUTUMN'],
  [
    {
      type: 'imagemap',
      altText: 'Two halves',
      baseUrl: `${media}/map`,
      baseSize: { width: 1040, height: 520 },
      actions: [{ ...action, label: 'Left half', area: { x: 0, y: 0, width: 520, height: 520 } }],
    },
    'Left half',
  ],
  [template({ type: 'buttons', text: 'Shall we wrap it?', actions: [action, open] }), 'Shall we wrap it?'],
  [
    template({ type: 'confirm', text: 'Are you coming?', actions: [action, { ...action, label: 'No' }] }),
    'Are you coming?',
  ],
  [template({ type: 'carousel', columns }), 'Old harbour'],
  [template({ type: 'image_carousel', columns: [{ imageUrl: `${media}/hills.svg`, action: open }] }), 'Show me'],
  [{ type: 'flex', altText: 'Boarding pass', contents: bubble }, 'Boards at 10:35'],
  [{ type: 'flex', altText: 'Two', contents: { type: 'carousel', contents: [bubble, bubble] } }, 'Check in'],
]

function template(sample: object) {
  return { type: 'template', altText: 'A template', template: sample }
}

const buttons = [
  { type: 'web_url', url: 'https://shop.test/bags', title: 'Have a look' },
  { type: 'postback', payload: 'BUY', title: 'Buy it' },
]
const media1 = (type: string, name: string) => ({ attachment: { type, payload: { url: `${media}/${name}` } } })
const payload = (sample: object) => ({ attachment: { type: 'template', payload: sample } })

/** Likewise a Messenger message of every type. */
export const messengerSamples: readonly (readonly [message: object, shows: string])[] = [
  [{ text: 'Hello! 👋' }, 'Hello!'],
  [media1('image', 'hills.svg'), '<img>'],
  [media1('video', 'a.mp4'), '<video>'],
  [media1('audio', 'a.mp3'), '<audio>'],
  [media1('file', 'invoice%20for%20you.pdf'), 'invoice for you.pdf'],
  [{ attachment: { type: 'image', payload: { attachment_id: '1745504518999123' } } }, '1745504518999123'],
  [payload({ template_type: 'button', text: 'What now?', buttons }), 'What now?'],
  [
    payload({
      template_type: 'generic',
      elements: [
        { title: 'Weekend bag', subtitle: 'Waxed canvas, 32 litres', image_url: `${media}/bag.svg`, buttons },
        { title: 'Day pack', subtitle: 'The small one', image_url: `${media}/hills.svg`, buttons },
      ],
    }),
    'Waxed canvas, 32 litres',
  ],
  [
    payload({
      template_type: 'media',
      elements: [{ media_type: 'image', url: 'https://www.facebook.com/photo/1', buttons }],
    }),
    'Have a look',
  ],
  [
    payload({
      template_type: 'receipt',
      recipient_name: 'Mika Aoki',
      order_number: '1027',
      currency: 'EUR',
      payment_method: 'Visa 4242',
      summary: { subtotal: 118, shipping_cost: 4.9, total_cost: 122.9 },
      elements: [{ title: 'Weekend bag', quantity: 1, price: 118 }],
    }),
    '122.9 EUR',
  ],
  [payload({ template_type: 'product', elements: [{ id: 'p1' }] }), 'product'],
]

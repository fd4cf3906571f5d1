/** The document's own messages, in the document's order. */
export const documented = {
  from: 'From object must be provided',
  senderId: 'Sender Id must be provided',
  senderType: 'Sender Type must be provided',
  sender: 'Sender Id provided is either unregistered or inactive',
  to: 'To object must be provided',
  message: 'Message object must be provided',
  contents: 'Message contents must be provided',
  contentType: 'Content Type for all message contents must be provided',
  text: 'Text attribute must be provided for Text type Message Content',
  url: 'Url attribute must be provided for Image, File, Audio and Video type Message Content',
  validityPeriod: 'Validity Period must be provided',
  contentsMax: 'Message object cannot contain more than {0} message objects',
  messagingType: 'MessagingType must be provided as a Custom Key',
  tag: 'Tag must be provided as a Custom Key when MessagingType is provided as MESSAGE_TAG',
  ottIdOrUserReference: 'Either OttId or UserReference must be provided in the To object',
  ottId: 'OttId must be provided in the To object',
} as const

/** Messages of ours in the same style. What else can be wrong is told after them. */
export const own = {
  messageKey: 'Message Key must be provided',
  senderTypeInvalid: 'Sender Type is invalid',
  contentTypeInvalid: 'Content Type is invalid',
  nativePayload: 'NativePayload must be provided for Native type Message Content',
  messagingTypeInvalid: 'MessagingType is invalid',
  notificationTypeInvalid: 'NotificationType is invalid',
  validityNoDuration: 'Validity Period must be an ISO 8601 duration such as PT30M, P1DT12H or P2W',
  validityCalendar:
    'Validity Period must be given in weeks, days, hours, minutes or seconds: years and months have no fixed length',
  validityNone: 'Validity Period must be longer than zero',
  validityLong: 'Validity Period must not be longer than 10 years',
  messageKeyLong: 'Message Key is longer than 100 characters',
  messageGroupKeyLong: 'Message Group Key is longer than 100 characters',
} as const

/** The place of each message in an answer that tells several. */
export const order: ReadonlyMap<string, number> = new Map(
  [...Object.values(documented), ...Object.values(own)].map((message, place) => [message, place]),
)

const ofTheDocument: ReadonlySet<string> = new Set(Object.values(documented))

/** Whether a message is the document's own. */
export function isDocumented(message: string): boolean {
  return ofTheDocument.has(message)
}

export { type CallbackEvent, CallbackType, testType, toCallbackEvent, toTestEvent } from './callback-event.ts'
export { messagingTypes, notificationTypes } from './custom-key-words.ts'
export { errorcodes } from './errorcodes.ts'
export { toStatusAnswer } from './status-answer.ts'

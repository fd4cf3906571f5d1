export { type SenderPage, SenderRegistry } from './sender-registry.ts'

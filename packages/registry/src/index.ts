export { SenderRegistry } from './sender-registry.ts'

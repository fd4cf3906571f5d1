/** Every room's tests: the compiled output itself, with no transformer between it and Node. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/dist/**/*.test.js'],
  transform: {},
  maxWorkers: 1,
  testTimeout: 60_000,
  // ioredis lets go of a connection that was cut off two seconds later.
  openHandlesTimeout: 3000,
}

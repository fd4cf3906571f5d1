/** Every room's tests: the compiled output itself, with no transformer between it and Node. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/dist/**/*.test.js'],
  transform: {},
  maxWorkers: 1,
  // Only what hangs comes near it, on whatever machine: the longest that has no limit of its own takes 20 s on two quiet cores.
  testTimeout: 180_000,
  // ioredis lets go of a connection that was cut off two seconds later.
  openHandlesTimeout: 3000,
}

/** Every room's tests: the compiled output itself, with no transformer between it and Node. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/dist/**/*.test.js'],
  transform: {},
  // turbo runs a room and a half for each processor. One file after the other in Jest's own process, which does not end while a test has left
  // something open; only e2e, which tests processes, often waits for them and has the machine to itself at last, runs three at a time.
  maxWorkers: 1,
  // Only what hangs comes near it, on whatever machine: the longest that has no limit of its own takes 20 s on two quiet cores.
  testTimeout: 180_000,
  // ioredis lets go of a connection that was cut off two seconds later.
  openHandlesTimeout: 3000,
}

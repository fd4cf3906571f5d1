/** Every room's tests: the compiled output itself, with no transformer between it and Node. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/dist/**/*.test.js'],
  transform: {},
  maxWorkers: 1,
  testTimeout: 20_000,
}

// The image's HEALTHCHECK: asks the program beside it whether it is well. The image has no curl, and needs none.

const { HEALTH_PORT, PORT } = process.env

// The board and the sandbox answer for their health where they serve, the others at a port of its own.
const answer = await ask(HEALTH_PORT).catch((error) => {
  // A program that does not answer for its health is not well, wherever else it serves.
  if (error.name === 'TimeoutError') throw error
  return ask(PORT)
})
process.stdout.write(await answer.text())
process.exitCode = answer.ok ? 0 : 1

function ask(port) {
  return fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(2000) })
}

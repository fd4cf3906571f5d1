/** The sandbox's control API: what it answers, if anything. Rejects with its words for a refusal. */
export async function control(method, path, body) {
  const response = await fetch(`/sandbox${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
  if (response.status === 204) return undefined
  const answer = await response.json()
  if (!response.ok) throw new Error([answer.message, ...(answer.problems ?? [])].join(' '))
  return answer
}

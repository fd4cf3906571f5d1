/** What an HTTP call was answered. `body` is the parsed JSON, `undefined` where there is none. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }

/** Makes one HTTP call, with a JSON body and an access token where they are given. */
export async function call(method: string, url: string, body?: unknown, token?: string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, body: json }
}

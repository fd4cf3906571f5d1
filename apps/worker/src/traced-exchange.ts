import type { Call, Exchange } from '@ott/delivery'
import type { SpanStart, Tracing } from '@ott/runtime'

/** Tells of each call that is made for a delivery that is traced. The network itself is told nothing of the trace. */
export function tracedExchange(exchange: Exchange, tracing: Tracing): Exchange {
  return (call) =>
    tracing.inSpan(callSpan(call), async (span) => {
      const answer = await exchange(call)
      span.set({ 'http.response.status_code': answer.status })
      if (answer.status >= 400) span.fail(String(answer.status))
      return answer
    })
}

const usualPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/ Without the query: Messenger's has a proof of the sender's secret. */
function callSpan({ method, url }: Call): SpanStart {
  const { protocol, hostname, port, pathname } = new URL(url)
  return {
    name: method,
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': port === '' ? usualPorts[protocol] : Number(port),
      'url.path': pathname,
    },
  }
}

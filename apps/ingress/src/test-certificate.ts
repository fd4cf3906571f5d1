import { type KeyObject, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A certificate that says it is `host`'s, signed by nobody but itself, for an hour. For tests: Node itself makes none. */
export function makeCertificate(host: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const details = toDetails(host, publicKey)
  const signature = sign('sha256', details, privateKey)
  const certificate = sequence(details, sequence(ecdsaWithSha256), element(0x03, Buffer.of(0), signature))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function toDetails(host: string, publicKey: KeyObject): Buffer {
  const now = Date.now()
  const name = sequence(element(0x31, sequence(commonName, element(0x0c, Buffer.from('test certificate')))))
  const hosts = sequence(subjectAltName, element(0x04, sequence(element(0x82, Buffer.from(host)))))
  const authority = sequence(basicConstraints, element(0x04, sequence(element(0x01, Buffer.of(0xff)))))
  return sequence(
    element(0xa0, element(0x02, Buffer.of(2))),
    element(0x02, Buffer.of(1), randomBytes(8)),
    sequence(ecdsaWithSha256),
    name,
    sequence(toTime(now - 60_000), toTime(now + 3_600_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(hosts, authority)),
  )
}

/** An element of DER: its tag, its length, its content. https://www.itu.int/rec/T-REC-X.690 */
function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content)
  const { length } = bytes
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), bytes])
}

function sequence(...content: readonly Buffer[]): Buffer {
  return element(0x30, ...content)
}

/** As `2611231630Z`, to the second. */
function toTime(at: number): Buffer {
  return element(0x17, Buffer.from(new Date(at).toISOString().replace(/^..|\.\d+|[-T:]/g, '')))
}

const identifier = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = identifier('2a8648ce3d040302')
const commonName = identifier('550403')
const subjectAltName = identifier('551d11')
const basicConstraints = identifier('551d13')

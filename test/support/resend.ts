/** Stands in for the mail provider: takes mails over HTTP as Resend does, and answers as a test wants it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeMail {
  key: string
  to: string
  from: string
  subject: string
  text: string
  reply_to?: string
}

export interface FakeResend {
  baseUrl: string
  /** Every request, also the refused ones. */
  requests: FakeMail[]
  /** What a recipient gets: one mail per key. */
  sent: Map<string, FakeMail>
  /** How the next requests are answered; `lost` accepts the mail and then hangs up without an answer. */
  answers: ({ status: number; name: string } | 'lost')[]
  close(): Promise<void>
}

export async function startFakeResend(): Promise<FakeResend> {
  const fake: Pick<FakeResend, 'requests' | 'sent' | 'answers'> = { requests: [], sent: new Map(), answers: [] }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const mail = { ...(JSON.parse(Buffer.concat(chunks).toString()) as FakeMail), key: String(request.headers['idempotency-key']) }
      fake.requests.push(mail)
      const answer = fake.answers.shift()
      if (answer === undefined || answer === 'lost') fake.sent.set(mail.key, fake.sent.get(mail.key) ?? mail)
      if (answer === 'lost') return void request.socket.destroy()
      const error = answer && { statusCode: answer.status, name: answer.name, message: `Frau Çelik <${mail.to}>` }
      response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(error ?? { id: `re_${mail.key}` }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...fake,
    baseUrl: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/**
 * Reads multipart/form-data (RFC 7578) as it comes, so that a large file never lies in memory: Request.formData() holds all of it.
 * Chunks may be cut anywhere.
 */

export type Teilstueck =
  /** A field begins; `datei`: the file's name as the browser sends it, null for a plain field. */
  { art: 'beginn'; name: string; datei: string | null } | { art: 'bytes'; bytes: Uint8Array } | { art: 'ende' }

/** The body is cut off, or no multipart. */
export class Multipartfehler extends Error {}

const HOECHSTENS_KOPF = 8 * 1024
/** The chunk with the last boundary may be a large one. */
const HOECHSTENS_DANEBEN = 2 * 1024 * 1024

/** From the Content-Type; undefined where it is none. */
export function findGrenze(contentType: string): string | undefined {
  const [, gequotet, schlicht] = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  return gequotet ?? schlicht
}

export async function* readMultipart(body: AsyncIterable<Uint8Array>, grenze: string): AsyncGenerator<Teilstueck> {
  const trenner = Buffer.from(`\r\n--${grenze}`)
  // The first boundary has no line before it.
  let puffer: Buffer = Buffer.from('\r\n')
  let daneben = 0
  let lage: 'vor' | 'kopf' | 'in' | 'nach' = 'vor'
  for await (const stueck of body) {
    puffer = Buffer.concat([puffer, stueck])
    for (let weiter = true; weiter && lage !== 'nach';) {
      if (lage === 'kopf') {
        // "--" after a boundary: it was the last. Else the rest of the line, headers, an empty line.
        if (puffer.length < 2) break
        if (puffer.subarray(0, 2).toString('latin1') === '--') {
          lage = 'nach'
          break
        }
        const ende = puffer.indexOf('\r\n\r\n')
        if (ende < 0 && puffer.length > HOECHSTENS_KOPF) throw new Multipartfehler()
        weiter = ende >= 0
        if (!weiter) break
        yield readKopf(puffer.subarray(0, ende).toString('utf8'))
        puffer = puffer.subarray(ende + 4)
        lage = 'in'
      } else {
        const ende = puffer.indexOf(trenner)
        weiter = ende >= 0
        // What might be the beginning of a boundary stays.
        const sicher = weiter ? ende : Math.max(0, puffer.length - trenner.length + 1)
        if (lage === 'in' && sicher > 0) yield { art: 'bytes', bytes: puffer.subarray(0, sicher) }
        puffer = puffer.subarray(weiter ? ende + trenner.length : sicher)
        if (weiter && lage === 'in') yield { art: 'ende' }
        if (weiter) lage = 'kopf'
      }
    }
    // No browser sends anything before the first boundary or after the last: whoever does has no end.
    if (lage === 'vor' || lage === 'nach') daneben += stueck.length
    if (daneben > HOECHSTENS_DANEBEN) throw new Multipartfehler()
    if (lage === 'nach') puffer = Buffer.alloc(0)
  }
  if (lage !== 'nach') throw new Multipartfehler()
}

/** Browsers write a quotation mark in a name as %22 (https://html.spec.whatwg.org/#multipart-form-data). */
function readKopf(kopf: string): Teilstueck {
  const zeile = kopf.split('\r\n').find((eine) => /^content-disposition:\s*form-data/i.test(eine)) ?? ''
  const name = /;\s*name="([^"]*)"/i.exec(zeile)?.[1]
  if (name === undefined) throw new Multipartfehler()
  const datei = /;\s*filename="([^"]*)"/i.exec(zeile)?.[1]
  return { art: 'beginn', name: name.replaceAll('%22', '"'), datei: datei?.replaceAll('%22', '"') ?? null }
}

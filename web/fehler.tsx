/** What a person sees when something is missing, forbidden or broken: what happened, and the way on. Never a stack. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { pfade } from './pfade.ts'
import { isPartial, schlichteSeite } from './seite.tsx'
import type { WebDeps } from './umgebung.ts'

type Worte = readonly [titel: string, text: string]
const TEXTE: Record<number, Worte> = {
  400: ['Die Anfrage ist unvollständig', 'Gehen Sie eine Seite zurück, laden Sie sie neu und versuchen Sie es noch einmal.'],
  403: ['Diese Seite ist nicht für Sie freigegeben', 'Nur Supervisoren können sie öffnen. Fragen Sie im Betrieb nach, wenn Sie sie brauchen.'],
  404: ['Diese Seite gibt es nicht', 'Vielleicht wurde der Eintrag gelöscht, oder er gehört zu einem anderen Bestand.'],
  405: ['So lässt sich diese Adresse nicht aufrufen', 'Öffnen Sie die Seite über das Menü.'],
  413: ['Das ist zu groß', 'Die Datei oder der Text überschreitet die erlaubte Größe. Teilen Sie die Lieferung oder kürzen Sie den Text.'],
  415: ['Diese Art von Daten wird nicht angenommen', 'Senden Sie das Formular über die Seite ab.'],
  500: [
    'Hier ist etwas schiefgegangen',
    'Es wurde nichts gespeichert. Versuchen Sie es noch einmal; bleibt der Fehler, nennen Sie bitte die Fehlernummer.',
  ],
  // Where the line breaks during the commit, nobody knows whether it was taken; the same form sent again is the same action.
  503: [
    'Die Datenbank ist gerade nicht erreichbar',
    'Vielleicht wurde nichts gespeichert. Senden Sie es in einer Minute noch einmal: Doppelt gespeichert wird nichts.',
  ],
}
/** PostgreSQL going away (class 08, 57P0x, too many connections) and the network's own words for it. */
const NICHT_ERREICHBAR = /^(08|57P0|53300)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/

/** Logs once, with an id and codes, never with what the person typed. */
export const onError = (deps: WebDeps) => async (error: Error, c: Context) => {
  if (error instanceof HTTPException && error.status < 500) return fehlerseite(c, error.status as ContentfulStatusCode)
  // Nobody waits for this answer any more, and what broke off was the caller's line, not ours.
  if (c.req.raw.signal.aborted) return fehlerseite(c, 400)
  const nummer = crypto.randomUUID().slice(0, 8)
  const status = isDatabaseAway(error) ? 503 : 500
  deps.log?.error({ fehler: nummer, status, methode: c.req.method, pfad: musterPfad(c.req.path), ...beschreibung(error) })
  if (status === 503) c.header('Retry-After', '30')
  return fehlerseite(c, status, { nummer })
}

/** A piece of a page gets one line for the alert region instead of a page. `worte`: where the status alone does not say it. */
export async function fehlerseite(
  c: Context,
  status: ContentfulStatusCode,
  { nummer, worte }: { nummer?: string; worte?: Worte } = {},
): Promise<Response> {
  const [titel, text] = worte ?? TEXTE[status] ?? TEXTE[status < 500 ? 400 : 500]!
  const zusatz = nummer ? ` Fehlernummer ${nummer}.` : ''
  if (isPartial(c)) {
    c.header('HX-Reswap', 'innerHTML')
    c.header('HX-Retarget', '#stoerung')
    return c.html(<p>{`${titel}. ${text}${zusatz}`}</p>, status)
  }
  return schlichteSeite(
    c,
    { titel, status },
    <>
      <h1>{titel}</h1>
      <p>{text}</p>
      {nummer && <p class="hinweis">Fehlernummer {nummer}</p>}
      <p>
        <a class="knopf" href={pfade.start()}>
          Zur Übersicht
        </a>
      </p>
    </>,
  )
}

function isDatabaseAway(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string }
  return (typeof code === 'string' && NICHT_ERREICHBAR.test(code)) || /timeout exceeded when trying to connect|Connection terminated/.test(message)
}

/** A message of PostgreSQL may quote a value ("Key (email)=(…)"): only its code and where it came from are kept, our own lines of the stack first. */
function beschreibung(error: Error & { code?: unknown; constraint?: unknown }): Record<string, unknown> {
  const aufrufe = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const { eigene = [], fremde = [] } = Object.groupBy(aufrufe, (line) => (/node_modules|node:/.test(line) ? 'fremde' : 'eigene'))
  const stelle = [...eigene, ...fremde].slice(0, 6)
  const eigen = typeof error.code === 'string' ? { code: error.code, regel: error.constraint } : { meldung: error.name }
  return { ...eigen, stelle: stelle.map((line) => line.trim()) }
}

/** '/passwort/abc123' → '/passwort/…': an address may hold a token. Numbers of our own rows stay. */
function musterPfad(pfad: string): string {
  return pfad.replace(/\/[^/]{20,}/g, '/…')
}

/** A broker's browser without JavaScript: cookies, forms as they stand on the page, and a person who presses the button again after an error. */
import { setTimeout as pause } from 'node:timers/promises'
import { pfade } from '../../web/pfade.ts'
import { getForm } from '../support/formular.ts'
import { PASSWORT } from './welt.ts'

export interface Browser {
  /** A page, loaded again until it comes. */
  oeffne(pfad: string): Promise<Seite>
  /** Sends a form until it is answered; `versuche` gets each answer's status, 0 where none came. */
  sende(pfad: string, form: Record<string, string>, wie: { partial: boolean; versuche: number[] }): Promise<Seite>
  melde(): Promise<void>
}

export interface Seite {
  status: number
  text: string
  /** Where a 303 leads. */
  ziel: string | null
}

type Anfrage = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }

export interface Zeuge {
  /** What a person must never see. */
  mangel(text: string): void
  /** Milliseconds of an answered request. */
  dauer(ms: number): void
}

/** A person waits so long, milliseconds, then presses again. */
const GEDULD = 20_000

export function openBrowser(url: string, email: string, zeuge: Zeuge, signal: AbortSignal): Browser {
  const cookies = new Map<string, string>()

  const einmal = async (pfad: string, { headers, ...init }: Anfrage): Promise<Seite> => {
    const cookie = [...cookies].map(([name, wert]) => `${name}=${wert}`).join('; ')
    const beginn = performance.now()
    const answer = await fetch(url + pfad, {
      redirect: 'manual',
      ...init,
      headers: { Cookie: cookie, ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(GEDULD)]),
    })
    const text = await answer.text()
    if (answer.status < 500) zeuge.dauer(performance.now() - beginn)
    for (const line of answer.headers.getSetCookie()) {
      const [, name, wert] = /^([^=]+)=([^;]*)/.exec(line)!
      cookies.set(name!, wert!)
    }
    return { status: answer.status, text, ziel: answer.headers.get('location') }
  }

  const beharrlich = async (pfad: string, init: Anfrage, versuche: number[]): Promise<Seite> => {
    for (;;) {
      signal.throwIfAborted()
      const seite = await einmal(pfad, init).catch(() => undefined)
      versuche.push(seite?.status ?? 0)
      if (seite && seite.status < 500) return seite
      if (seite && !isDeutsch(seite.text))
        zeuge.mangel(`${init.method ?? 'GET'} ${pfad}: ${seite.status} ohne deutsche Seite: ${seite.text.slice(0, 200)}`)
      await pause(300 + Math.random() * 1_200)
    }
  }

  const post = (form: Record<string, string>, partial: boolean): Anfrage => ({
    method: 'POST',
    body: new URLSearchParams(form),
    headers: {
      Origin: url,
      'Sec-Fetch-Site': 'same-origin',
      ...(partial && {
        'HX-Request': 'true',
        'HX-Request-Type': 'partial',
        'HX-Current-URL': url + pfade.gevo('versicherungsluecken-junge-kunden'),
      }),
    },
  })
  const istAnmeldung = ({ status, ziel }: Seite): boolean => status === 401 || (status === 303 && Boolean(ziel?.startsWith(pfade.anmelden())))

  return {
    oeffne: async (pfad) => {
      const seite = await beharrlich(pfad, {}, [])
      if (istAnmeldung(seite)) zeuge.mangel(`GET ${pfad}: abgemeldet`)
      else if (seite.status >= 400) zeuge.mangel(`GET ${pfad}: ${seite.status}`)
      return seite
    },
    sende: async (pfad, form, { partial, versuche }) => {
      const seite = await beharrlich(pfad, post(form, partial), versuche)
      if (istAnmeldung(seite)) zeuge.mangel(`POST ${pfad}: abgemeldet`)
      return seite
    },
    melde: async () => {
      const { text } = await beharrlich(pfade.anmelden(), {}, [])
      const seite = await beharrlich(pfade.anmelden(), post({ ...getForm(text, pfade.anmelden()), email, passwort: PASSWORT }, false), [])
      if (seite.status !== 303) zeuge.mangel(`Anmeldung: ${seite.status}`)
    },
  }
}

/** A whole page, or the line htmx puts into the alert region: what happened, and a number to name. */
function isDeutsch(html: string): boolean {
  return /(Die Datenbank ist gerade nicht erreichbar|Hier ist etwas schiefgegangen)/.test(html) && html.includes('Fehlernummer')
}

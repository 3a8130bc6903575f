/** Anlauf (Supervisor): what each rule would open on a day, on or off, the daily quota, the release of the nights; the same as a table. */
import { type Context, Hono } from 'hono'
import { getAnlauf, listRegeln, saveAnlauf } from '../../db/regeln.ts'
import { countVorschauen, countWartende } from '../../db/vorschau.ts'
import { katalog } from '../../gevos/katalog.ts'
import { csv, csvKopf } from '../csv.ts'
import { datum } from '../format.ts'
import { pfade } from '../pfade.ts'
import { readTagwahl } from '../regeln/tagwahl.tsx'
import { seite, weiter } from '../seite.tsx'
import type { Fehler } from '../teile.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { Anlauf, type Anlaufzeile, regelfeld } from './anlauf.tsx'

const SPALTEN = ['Code', 'Geschäftsvorfall', 'Tag', 'Eingeschaltet', 'Neue Fälle', 'Schon offen', 'Gesperrt', 'Altbestand geprüft', 'Unbekannt']

export const anlaufRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .use(pfade.anlauf(), nurSupervisor)
    .use(pfade.anlaufCsv(), nurSupervisor)
    .get(pfade.anlauf(), (c) => zeigen(c))
    .get(pfade.anlaufCsv(), async (c) => {
      const { am, fehler } = readTagwahl(c)
      if (Object.keys(fehler).length > 0) return zeigen(c)
      const zeilen = (await listZeilen(c, am)).map(({ gevo, an, zahl }) => {
        const { NEU, OFFEN, GESPERRT, GEPRUEFT, UNBEKANNT } = zahl?.zahlen ?? {}
        const zahlen = [NEU, OFFEN, GESPERRT, GEPRUEFT, UNBEKANNT].map((n) => n ?? 'nicht gezählt')
        return [gevo.code, gevo.titel, datum(am), an ? 'ja' : 'nein', ...zahlen]
      })
      return c.body(csv(SPALTEN, zeilen), 200, csvKopf(`vorschau-${am}`))
    })
    .post(pfade.anlauf(), async (c) => {
      const eingabe = await c.req.parseBody()
      const getippt = typeof eingabe['tagesquote'] === 'string' ? eingabe['tagesquote'].trim() : ''
      const an = Object.fromEntries(katalog.map(({ code }) => [code, eingabe[regelfeld(code)] === '1']))
      if (!/^\d{0,5}$/.test(getippt))
        return zeigen(c, {
          getippt,
          an,
          fehler: { tagesquote: `„${getippt}“ ist keine Anzahl. Richtig ist zum Beispiel 20, oder leer für unbegrenzt.` },
        })
      await saveAnlauf(c.var.db, c.var.person, { an, tagesquote: getippt === '' ? null : Number(getippt) })
      return weiter(c, pfade.nachtlaeufe(), 'Gespeichert. Es gilt ab dem nächsten Nachtlauf.')
    })

interface Versuch {
  getippt: string
  an: Record<string, boolean>
  fehler: Fehler
}

async function listZeilen(c: Context<Env>, am: string): Promise<Anlaufzeile[]> {
  const { db, person } = c.var
  const staende = await listRegeln(db, katalog)
  const zahlen = await countVorschauen(db, katalog, { person, stichtag: am })
  return katalog.map((gevo, i) => ({ gevo, an: staende[i]!.an, zahl: zahlen.find(({ code }) => code === gevo.code) }))
}

async function zeigen(c: Context<Env>, versuch?: Versuch): Promise<Response> {
  const { db, person, heute } = c.var
  const wahl = readTagwahl(c)
  const stand = await getAnlauf(db, person)
  const zeilen = (await listZeilen(c, wahl.am)).map((zeile) => ({ ...zeile, an: versuch?.an[zeile.gevo.code] ?? zeile.an }))
  const eingeschaltet = zeilen.flatMap(({ an, zahl }) => (an && zahl ? [zahl] : []))
  const wartend = await countWartende(db, { person, stichtag: wahl.am }, eingeschaltet)
  const tagesquote = versuch?.getippt ?? String(stand.tagesquote ?? '')
  const status = versuch || Object.keys(wahl.fehler).length > 0 ? 422 : 200
  const kopf = { titel: 'Anlauf', aktiv: 'nachtlaeufe', stile: ['kunden.css', 'regeln.css'], status } as const
  return seite(c, kopf, <Anlauf {...{ stand, zeilen, wartend, tagesquote, heute, wahl, fehler: versuch?.fehler ?? {} }} />)
}

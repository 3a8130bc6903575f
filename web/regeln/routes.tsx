/** Regeln (Supervisor): settings, trying them, their editions, whom they would hit. An edition may be read by everybody of the Betrieb. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { getRegel, listRegeln, listRegelstaende, saveRegel } from '../../db/regeln.ts'
import { countVorschau, listVorschau } from '../../db/vorschau.ts'
import { type Gesetzt, readRegel } from '../../domain/regel.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { katalog } from '../../gevos/katalog.ts'
import { csvKopf } from '../csv.ts'
import { readNummer } from '../kunden/zugriff.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { KEY, KOPF, type Kontext, NR, getRegelgevo, readEingabe, toGetippt, zeigeRegel } from './antwort.tsx'
import { Regelliste } from './liste.tsx'
import type { Getippt } from './regel.tsx'
import { Stand } from './stand.tsx'
import { readTagwahl } from './tagwahl.tsx'
import { CSV_ZEILEN, vorschauCsv } from './vorschau-csv.ts'
import { Vorschau, countAlle } from './vorschau.tsx'

export const regelRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.regeln(), nurSupervisor, async (c) => {
      const staende = await listRegeln(c.var.db, katalog)
      const regeln = katalog.map((gevo, i) => ({ gevo, stand: staende[i]! }))
      return seite(c, { titel: 'Regeln', ...KOPF }, <Regelliste regeln={regeln} heute={c.var.heute} />)
    })
    .get(pfade.regelStand(KEY, NR), async (c) => {
      const gevo = getRegelgevo(c)
      const staende = await listRegelstaende(c.var.db, gevo.code)
      const i = staende.findIndex(({ version }) => version === Number(c.req.param('nr')))
      const stand = staende[i]
      if (!stand) throw new HTTPException(404)
      const ansicht = { gevo, stand, vorher: staende[i + 1], neuester: staende[0]!.version, heute: c.var.heute }
      return seite(c, { titel: `Regelstand ${stand.version}`, ...KOPF }, <Stand {...ansicht} supervisor={c.var.person.rolle === 'SUPERVISOR'} />)
    })
    .use(`${pfade.regel(KEY)}/*`, nurSupervisor)
    .use(pfade.regel(KEY), nurSupervisor)
    .get(pfade.regel(KEY), async (c) => {
      const { db, person, heute } = c.var
      const gevo = getRegelgevo(c)
      const stand = await getRegel(db, gevo)
      const probe = c.req.query()
      if (!('prio' in probe)) return zeigeRegel(c, gevo, { stand })
      const gelesen = readRegel(probe, gevo)
      if (!gelesen.ok) return zeigeRegel(c, gevo, { stand, getippt: probe, fehler: gelesen.fehler })
      const blick = { person, stichtag: heute }
      const bisher = await countVorschau(db, gevo, blick)
      const neu = bisher && (await countVorschau(db, gevo, { ...blick, probe: gelesen.werte.werte }))
      return zeigeRegel(c, gevo, { stand, getippt: probe, probe: neu && bisher ? { neu, bisher } : 'ZU_LANG' })
    })
    .post(pfade.regel(KEY), async (c) => {
      const gevo = getRegelgevo(c)
      const eingabe = await readEingabe(c)
      const gelesen = readRegel(eingabe, gevo)
      if (!gelesen.ok) return zeigeRegel(c, gevo, { getippt: eingabe, fehler: gelesen.fehler })
      return speichern(c, gevo, gelesen.werte, eingabe)
    })
    .post(pfade.regelVorgabe(KEY), async (c) => {
      const gevo = getRegelgevo(c)
      const { an } = await getRegel(c.var.db, gevo)
      const { version } = await c.req.parseBody()
      return speichern(c, gevo, { an, werte: {}, prio: null, sperrfristMonate: null }, { version: typeof version === 'string' ? version : '' })
    })
    .get(pfade.regelVorschau(KEY), async (c) => {
      const { db, person, heute } = c.var
      const gevo = getRegelgevo(c)
      const wahl = readTagwahl(c)
      const nummer = readNummer(c.req.query('seite')) ?? 1
      const blick = { person, stichtag: wahl.am }
      const zahl = await countVorschau(db, gevo, blick)
      const treffer = zahl && (await listVorschau(db, gevo, blick, { seite: nummer }))
      const kopf = { titel: `Vorschau: ${gevo.titel}`, ...KOPF, status: Object.keys(wahl.fehler).length > 0 ? 422 : 200 } as const
      const ansicht = { gevo, ...wahl, zahl: treffer && zahl, treffer: treffer ?? [], seite: nummer, heute }
      return seite(c, kopf, <Vorschau {...ansicht} />)
    })
    .get(pfade.regelVorschauCsv(KEY), async (c) => {
      const { db, person } = c.var
      const gevo = getRegelgevo(c)
      const { am, fehler } = readTagwahl(c)
      const blick = { person, stichtag: am }
      const zahl = Object.keys(fehler).length > 0 ? undefined : await countVorschau(db, gevo, blick)
      const treffer = zahl && (await listVorschau(db, gevo, blick, { limit: CSV_ZEILEN }))
      // The page says what is wrong, or that it took too long.
      if (!treffer) return weiter(c, pfade.regelVorschau(gevo.key, c.req.query('am')))
      return c.body(vorschauCsv(gevo, treffer, countAlle(zahl)), 200, csvKopf(`vorschau-${gevo.key}-${am}`))
    })

async function speichern(c: Kontext, gevo: Gevo, werte: Gesetzt, getippt: Getippt): Promise<Response> {
  const { db, person } = c.var
  const gesehen = Number(getippt['version']) || 0
  const ausgang = await saveRegel(db, person, { gevo: gevo.code, gesehen, ...werte })
  if (ausgang === 'GESPEICHERT') return weiter(c, pfade.regel(gevo.key), 'Gespeichert. Es gilt ab dem nächsten Nachtlauf.')
  const stand = await getRegel(db, gevo)
  const wer = stand.von ? `von ${stand.von}` : 'von jemand anderem'
  const text = `Diese Regel wurde inzwischen ${wer} geändert (Regelstand ${stand.version}, siehe unten). Mit „Speichern“ gelten Ihre Angaben.`
  // What was typed onto the new edition: the second Speichern is meant.
  const eigene = { ...toGetippt(gevo, { ...stand, ...werte }), ...getippt, version: String(stand.version) }
  return zeigeRegel(c, gevo, { stand, getippt: eigene, fehler: { '': text }, status: 409 })
}

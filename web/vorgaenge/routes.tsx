/** The menu "Vorgänge": what is overdue, due, coming, done; move, tick off, delete, make by hand. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { documentFall } from '../../db/dokumentationen.ts'
import type { Antwort, Auftrag } from '../../db/faelle.ts'
import { findKunde, listKunden } from '../../db/kunden.ts'
import { deleteVorgang, finishVorgang, moveVorgang, openVorgang } from '../../db/vorgaenge.ts'
import { GRUPPEN, type Gruppe, type Vorgangszeile, findVorgang, listVorgaenge } from '../../db/vorgangsliste.ts'
import { VORGANG } from '../../domain/ergebnisse.ts'
import { berlinTag, berlinZeit } from '../../domain/kalender.ts'
import type { Eingabe, Fehler } from '../../domain/kunde.ts'
import { readTermin, readWiedervorlage } from '../../domain/wiedervorlage.ts'
import { SEITENKOPF, fokus } from '../faelle/antwort.tsx'
import { fruehestens, klick, readEingabe } from '../faelle/kontext.ts'
import { freiHinweis } from '../faelle/wiedervorlage-formular.tsx'
import { zeitpunkt } from '../format.ts'
import { pageQuery, readVermittlerwahl } from '../geschaeftsvorfaelle/filter.tsx'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite, weiter, zaehler } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Kundenwahl, Terminformular, Vorgangsformular } from './formulare.tsx'
import { type Listenfelder, SEITENNAMEN, type Vorgangsansicht, Vorgangsliste, mitListe } from './liste.tsx'

const ID = ':id{[0-9]{1,15}}'
const KOPF = { aktiv: 'vorgaenge', ...SEITENKOPF, breit: false } as const

export const vorgaengeRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.vorgaenge(), async (c) => seite(c, { titel: 'Vorgänge', ...KOPF, breit: true }, <Vorgangsliste {...await readAnsicht(c)} />))
    .get(pfade.vorgangNeu(), async (c) => {
      const kunde = await findChosen(c)
      if (kunde) return neu(c, kunde, {}, {})
      const q = (c.req.query('q') ?? '').slice(0, 100)
      const { kunden } = q ? await listKunden(c.var.db, { q }) : { kunden: [] }
      return seite(c, { titel: 'Vorgang anlegen', ...KOPF }, <Kundenwahl {...{ q, kunden }} felder={readListe(c)} />)
    })
    .post(pfade.vorgangNeu(), async (c) => {
      const { db, heute } = c.var
      const kunde = await findChosen(c)
      if (!kunde) throw new HTTPException(404)
      const eingabe = await readEingabe(c)
      const auftrag = klick(c, 0, eingabe)
      const gelesen = readWiedervorlage(eingabe, { heute, jetzt: await fruehestens(c, auftrag) })
      if (!gelesen.ok) return neu(c, kunde, eingabe, gelesen.fehler)
      const wer = { kunde: kunde.id, vermittler: kunde.vermittler_id, stichtag: heute }
      const antwort = await openVorgang(db, auftrag, { ...gelesen.werte, ...wer })
      if (!antwort.ok) return neu(c, kunde, eingabe, { '': antwort.text })
      return weiter(c, zurListe(c), `Vorgang angelegt: ${zeitpunkt(gelesen.werte.am, heute)}.`)
    })
    .get(pfade.vorgangTermin(ID), async (c) => {
      const vorgang = await getVorgang(c)
      return termin(c, vorgang, bisher(vorgang, c.var.jetzt), {})
    })
    .post(pfade.vorgangTermin(ID), async (c) => {
      const { db, heute } = c.var
      const vorgang = await getVorgang(c)
      const eingabe = await readEingabe(c)
      const auftrag = klick(c, vorgang.fall_id, eingabe)
      const fehler: Record<string, string> = {}
      // The day it is due now stands chosen already: one that is typed beside it is meant.
      const gewaehlt = eingabe['datum'] && eingabe['wann'] === berlinTag(vorgang.faellig_am) ? { ...eingabe, wann: 'ANDERS' } : eingabe
      const am = readTermin(gewaehlt, { heute, jetzt: await fruehestens(c, auftrag) }, fehler)
      if (!am) return termin(c, vorgang, eingabe, fehler)
      const antwort = await moveVorgang(db, auftrag, vorgang.id, am)
      if (!antwort.ok) return termin(c, await getVorgang(c), { ...eingabe, aktion: '' }, { '': antwort.text })
      return weiter(c, zurListe(c), `Verschoben: ${zeitpunkt(am, heute)}.${freiHinweis(berlinTag(am), vorgang.bundesland)}`)
    })
    .post(pfade.vorgangErledigung(ID), async (c) => {
      const vorgang = await getVorgang(c)
      const auftrag = klick(c, vorgang.fall_id, await readEingabe(c))
      const antwort = vorgang.gevo === VORGANG ? await finishWhole(c, auftrag) : await finishVorgang(c.var.db, auftrag, vorgang.id)
      return danach(c, antwort, vorgang, 'Erledigt.')
    })
    .post(pfade.vorgangLoeschung(ID), async (c) => {
      const vorgang = await getVorgang(c)
      const auftrag = klick(c, vorgang.fall_id, await readEingabe(c))
      const antwort = await deleteVorgang(c.var.db, auftrag, vorgang.id)
      // Without its Vorgang a Fall made by hand is done; the night closes it.
      if (antwort.ok && vorgang.gevo === VORGANG) await finishWhole(c, { ...auftrag, aktion: `${auftrag.aktion}-ende` })
      return danach(c, antwort, vorgang, 'Gelöscht.')
    })

/** The moment it is due now, as the form shows it; a day that has passed is not proposed. */
function bisher({ faellig_am }: Vorgangszeile, jetzt: string): Eingabe {
  const zeit = berlinZeit(faellig_am).slice(11, 16)
  return faellig_am > jetzt ? { wann: berlinTag(faellig_am), zeit } : { zeit }
}

/** A Vorgang made by hand is the whole Fall: ticking it off documents it. */
function finishWhole(c: Context<Env>, auftrag: Auftrag): Promise<Antwort> {
  return documentFall(c.var.db, auftrag, { ergebnis: 'ERLEDIGT', kanal: null, notiz: null, vorgaenge: 'ERLEDIGT', sperreBis: null })
}

/** The fresh list with the focus on the next one, or 303 to it. */
async function danach(c: Context<Env>, antwort: Antwort, vorgang: Vorgangszeile, text: string): Promise<Response> {
  const meldung = antwort.ok ? `${text} ${vorgang.titel}` : antwort.text
  if (!isPartial(c)) return weiter(c, zurListe(c), antwort.ok ? text : antwort.text)
  const ansicht = await readAnsicht(c)
  const folgt = ansicht.zeilen.find((z) => z.gruppe !== 'ERLEDIGT' && z.faellig_am >= vorgang.faellig_am)
  c.header('HX-Trigger', fokus(folgt ? `#vorgang-name-${folgt.id}, #vorgaenge h1` : '#vorgaenge h1'))
  return fragment(
    c,
    <>
      <Vorgangsliste {...ansicht} />
      {await zaehler(c)}
    </>,
    { meldung },
  )
}

/** The filter stands in the URL; an action by htmx brings it along as the current address. */
async function readAnsicht(c: Context<Env>): Promise<Vorgangsansicht> {
  const { db, heute, person } = c.var
  const wahl = await readVermittlerwahl(c)
  const seiten = readSeiten(c)
  const gefunden = await listVorgaenge(db, { heute, vermittler: wahl.vermittler, seiten })
  return { ...gefunden, wahl, seiten, felder: readListe(c), heute, supervisor: person.rolle === 'SUPERVISOR' }
}

/** The list that was left for this page or form. */
function readListe(c: Context): Listenfelder {
  const query = isPartial(c) ? pageQuery(c) : new URL(c.req.url).searchParams
  const felder = ['vermittler', ...Object.values(SEITENNAMEN)].map((name) => [name, query.get(name) ?? ''] as const)
  return Object.fromEntries(felder.filter(([, wert]) => /^[1-9]\d{0,8}$/.test(wert)))
}

function zurListe(c: Context): string {
  return mitListe(pfade.vorgaenge(), readListe(c))
}

async function termin(c: Context<Env>, vorgang: Vorgangszeile & { bundesland: string }, eingabe: Eingabe, fehler: Fehler): Promise<Response> {
  const status = Object.keys(fehler).length > 0 ? ({ status: 422 } as const) : {}
  return seite(
    c,
    { titel: 'Wiedervorlage verschieben', ...KOPF, ...status },
    <Terminformular {...{ vorgang, eingabe, fehler }} heute={c.var.heute} felder={readListe(c)} />,
  )
}

type Gewaehlt = NonNullable<Awaited<ReturnType<typeof findKunde>>>
async function neu(c: Context<Env>, kunde: Gewaehlt, eingabe: Eingabe, fehler: Fehler): Promise<Response> {
  const { bundesland: land } = await c.var.db.selectFrom('betrieb').select('bundesland').executeTakeFirstOrThrow()
  const status = Object.keys(fehler).length > 0 ? ({ status: 422 } as const) : {}
  return seite(
    c,
    { titel: 'Vorgang anlegen', ...KOPF, ...status },
    <Vorgangsformular {...{ kunde, land, eingabe, fehler }} heute={c.var.heute} felder={readListe(c)} />,
  )
}

async function findChosen(c: Context<Env>): Promise<Gewaehlt | undefined> {
  const wunsch = c.req.query('kunde')
  if (wunsch === undefined) return undefined
  const kunde = /^[1-9]\d{0,8}$/.test(wunsch) ? await findKunde(c.var.db, Number(wunsch)) : undefined
  if (!kunde) throw new HTTPException(404)
  return kunde
}

async function getVorgang(c: Context<Env>): Promise<Vorgangszeile & { bundesland: string }> {
  const vorgang = await findVorgang(c.var.db, Number(c.req.param('id')))
  if (!vorgang) throw new HTTPException(404)
  return vorgang
}

function readSeiten(c: Context): Partial<Record<Gruppe, number>> {
  const gesetzt = GRUPPEN.map((g) => [g, pageQuery(c).get(SEITENNAMEN[g]) ?? ''] as const).filter(([, n]) => /^[1-9]\d{0,5}$/.test(n))
  return Object.fromEntries(gesetzt.map(([g, n]) => [g, Number(n)]))
}

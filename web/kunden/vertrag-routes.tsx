/** Vertrag anlegen and bearbeiten, a difference to a delivery decided. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { decideAbweichung } from '../../db/abweichungen.ts'
import { once } from '../../db/faelle.ts'
import { listAngehoerige } from '../../db/haushalte.ts'
import type { Kundenakte } from '../../db/kundenakte.ts'
import type { VertragRow } from '../../db/schema.ts'
import type { WebDb } from '../../db/sitzung.ts'
import { type Vertrag, insertHandvertrag, listVersicherer, listVertraege, updateVertrag } from '../../db/vertraege.ts'
import type { Eingabe, Fehler } from '../../domain/kunde.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { readVertrag } from '../../domain/vertrag.ts'
import { datum, nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { Vertragsformular, type Vertragsformularansicht } from './vertrag-formular.tsx'
import { versicherer } from './worte.ts'
import { differences, getKunde, readAktion, readEingabe } from './zugriff.ts'

const ID = ':id{[0-9]{1,9}}'
const VERTRAG = ':vertrag{[0-9]{1,9}}'
const KOPF = { aktiv: 'kunden', stile: ['kunden.css'] } as const

type Kontext = Context<Env, string>

export const vertragRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.vertragNeu(ID), (c) => neuerVertrag(c, { bestandsart: c.req.query('fremd') === '' ? 'FREMD' : '' }))
    .post(pfade.vertragNeu(ID), async (c) => {
      const { db, person, heute } = c.var
      const kunde = await getKunde(db, c.req.param('id'))
      const eingabe = await readEingabe(c)
      const gelesen = readVertrag(eingabe, heute)
      if (!gelesen.ok) return neuerVertrag(c, eingabe, gelesen.fehler)
      const fremd = await checkVersicherte(db, kunde, gelesen.werte.versicherte_person_id)
      if (fremd) return neuerVertrag(c, eingabe, fremd)
      const darfBenennen = person.rolle === 'SUPERVISOR'
      const neu = { betrieb: person.betriebId, kunde: kunde.id, daten: gelesen.werte, heute, darfBenennen }
      const aktion = readAktion(eingabe)
      const id = await once(db, { betrieb: person.betriebId, aktion }, () => insertHandvertrag(db, neu))
      if (id === 'DOPPELT')
        return neuerVertrag(c, { ...eingabe, aktion: '' }, { vsnr: 'Ein Vertrag mit dieser Nummer ist bei diesem Versicherer schon erfasst.' })
      return weiter(c, `${pfade.kunde(kunde.id)}#vertrag-${id}`, 'Vertrag angelegt.')
    })
    .get(pfade.vertragBearbeiten(ID, VERTRAG), async (c) => {
      const vertrag = await getVertrag(c)
      return vertragBearbeiten(c, vertrag, toVertragseingabe(vertrag))
    })
    .post(pfade.vertragBearbeiten(ID, VERTRAG), async (c) => {
      const { db, person, heute } = c.var
      const vertrag = await getVertrag(c)
      const eingabe = await readEingabe(c)
      const gesehen = Number(eingabe['version']) || 0
      const gelesen = readVertrag(eingabe, heute, isGeliefert(vertrag) ? vertrag : undefined)
      if (!gelesen.ok) return vertragBearbeiten(c, vertrag, eingabe, { fehler: gelesen.fehler, verborgen: { version: gesehen } })
      const { versicherte_person_id: wer } = gelesen.werte
      const fremd = wer === vertrag.versicherte_person_id ? undefined : await checkVersicherte(db, await getKunde(db, c.req.param('id')), wer)
      if (fremd) return vertragBearbeiten(c, vertrag, eingabe, { fehler: fremd, verborgen: { version: gesehen } })
      // The name is kept beside a customer who is insured: a delivery may know him by it only.
      const daten =
        wer !== null && wer === vertrag.versicherte_person_id
          ? { ...gelesen.werte, versicherte_person_name: vertrag.versicherte_person_name }
          : gelesen.werte
      const neu = { betrieb: person.betriebId, daten, heute, darfBenennen: person.rolle === 'SUPERVISOR' }
      const aenderung = await updateVertrag(db, vertrag.id, gesehen, neu)
      const ziel = `${pfade.kunde(vertrag.kunde_id)}#vertrag-${vertrag.id}`
      if (aenderung.art === 'DOPPELT')
        return vertragBearbeiten(c, vertrag, eingabe, { fehler: { vsnr: 'Ein Vertrag mit dieser Nummer ist bei diesem Versicherer schon erfasst.' } })
      if (aenderung.art === 'GESPEICHERT') return weiter(c, ziel, 'Gespeichert.')
      const jetzt = toVertragseingabe(aenderung.jetzt)
      const konflikt = differences(jetzt, toVertragseingabe({ ...aenderung.jetzt, ...daten }))
      if (Object.keys(konflikt).length === 0) return weiter(c, ziel, 'Gespeichert.')
      return vertragBearbeiten(c, vertrag, eingabe, { konflikt, verborgen: { version: aenderung.jetzt.version } })
    })
    .post(pfade.kundeAbweichung(ID, ':abweichung{[0-9]{1,9}}'), async (c) => {
      const { db, person } = c.var
      const kunde = await getKunde(db, c.req.param('id'))
      const { antwort, zurueck } = await readEingabe(c)
      if (antwort !== 'UEBERNEHMEN' && antwort !== 'BEHALTEN') throw new HTTPException(400)
      const getan = await decideAbweichung(db, { id: Number(c.req.param('abweichung')), kunde: kunde.id, entscheidung: antwort, person: person.id })
      const ziel = zurueck === pfade.importAbweichungen() ? zurueck : pfade.kunde(kunde.id)
      if (!getan) return weiter(c, ziel, 'Darüber ist schon entschieden.')
      return weiter(c, ziel, antwort === 'UEBERNEHMEN' ? 'Übernommen.' : 'Ihr Wert bleibt.')
    })

async function neuerVertrag(c: Kontext, eingabe: Eingabe, fehler: Fehler = {}): Promise<Response> {
  return vertragsformular(c, eingabe, { fehler, verborgen: { aktion: readAktion(eingabe) } })
}

async function vertragBearbeiten(c: Kontext, vertrag: Vertrag, eingabe: Eingabe, mehr: Partial<Vertragsformularansicht> = {}): Promise<Response> {
  const { versicherte_person_id: id, versicherte_person: name } = vertrag
  const geliefert = isGeliefert(vertrag) ? { versicherer: versicherer(vertrag), vsnr: vertrag.vsnr ?? 'unbekannt' } : null
  return vertragsformular(c, eingabe, {
    verborgen: { version: vertrag.version },
    ...mehr,
    vorhanden: { ziel: pfade.vertragBearbeiten(vertrag.kunde_id, vertrag.id), titel: `${SPARTEN[vertrag.sparte].titel} bearbeiten`, geliefert },
    ...(id !== null && { personen: [{ id, name: name ?? '' }] }),
  })
}

async function vertragsformular(
  c: Kontext,
  eingabe: Eingabe,
  { fehler = {}, personen: weitere = [], verborgen = {}, vorhanden, konflikt }: Partial<Vertragsformularansicht>,
): Promise<Response> {
  const { db, person } = c.var
  const kunde = await getKunde(db, c.req.param('id') ?? '')
  const nahe = await listPersonen(db, kunde)
  const ansicht = {
    kunde: { id: kunde.id, name: nameListe(kunde) },
    personen: [...nahe, ...weitere.filter(({ id }) => nahe.every((p) => p.id !== id))],
    versicherer: await listVersicherer(db),
    darfBenennen: person.rolle === 'SUPERVISOR',
    eingabe,
    fehler,
    verborgen,
    vorhanden,
    konflikt,
  }
  const status = konflikt ? 409 : Object.keys(fehler).length > 0 ? 422 : 200
  return seite(c, { titel: vorhanden?.titel ?? 'Vertrag anlegen', status, ...KOPF }, <Vertragsformular {...ansicht} />)
}

/** Who may be insured under a contract of this customer: he himself and who belongs to him. */
async function listPersonen(db: WebDb, kunde: Kundenakte): Promise<{ id: number; name: string }[]> {
  const alle = [kunde, ...(await listAngehoerige(db, kunde.id))]
  return alle.filter(({ art }) => art === 'NATUERLICH').map((person) => ({ id: person.id, name: nameListe(person) }))
}

async function checkVersicherte(db: WebDb, kunde: Kundenakte, versicherte: number | null): Promise<Fehler | undefined> {
  if (versicherte === null || (await listPersonen(db, kunde)).some(({ id }) => id === versicherte)) return undefined
  return { versicherte_person: 'Diese Person gehört nicht zu diesem Kunden. Bitte wählen Sie einen Eintrag der Liste.' }
}

async function getVertrag(c: Kontext): Promise<Vertrag> {
  const kunde = await getKunde(c.var.db, c.req.param('id'))
  const vertrag = (await listVertraege(c.var.db, kunde.id)).find(({ id }) => id === Number(c.req.param('vertrag')))
  if (!vertrag) throw new HTTPException(404)
  return vertrag
}

/** By insurer and number the next delivery finds it: they are not for typing. */
function isGeliefert({ importquelle_id }: Vertrag): boolean {
  return importquelle_id !== null
}

/** Stored values as a person would type them. */
function toVertragseingabe(v: VertragRow): Eingabe {
  const tag = (wert: string | null): string => (wert ? datum(wert) : '')
  const cent = v.beitrag_cent
  return {
    sparte: v.sparte,
    bestandsart: v.bestandsart,
    vu_nummer: v.vu_nummer ?? '',
    vsnr: v.vsnr ?? '',
    produkt: v.produkt ?? '',
    status: v.status,
    beitrag: cent === null ? '' : (cent / 100).toLocaleString('de-DE', { minimumFractionDigits: 2, useGrouping: false }),
    zahlungsweise: v.zahlungsweise ?? '',
    beginn: tag(v.beginn),
    ablauf: tag(v.ablauf),
    hauptfaelligkeit: tag(v.hauptfaelligkeit),
    verlaengert_sich: v.verlaengert_sich ?? '',
    versicherte_person: v.versicherte_person_id !== null ? String(v.versicherte_person_id) : v.versicherte_person_name ? 'ANDERE' : '',
    versicherte_person_name: v.versicherte_person_name ?? '',
  }
}

/** Kunde anlegen and bearbeiten, Vermittler ändern. */
import { type Context, Hono } from 'hono'
import { findAntwort, once } from '../../db/faelle.ts'
import { insertKunde, listDoppelte, updateKunde } from '../../db/kunden.ts'
import type { KundeRow } from '../../db/schema.ts'
import { listVermittler, reassignKunde } from '../../db/zuordnung.ts'
import { type Eingabe, type Fehler, KUNDENFELDER, type Kundendaten, istDeutschland, readKunde } from '../../domain/kunde.ts'
import { datum, nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { nurSupervisor } from '../zugang.ts'
import { mitZurueck } from './akte.tsx'
import { Kundenformular, type Kundenformularansicht } from './kunde-formular.tsx'
import { Vermittlerformular } from './vermittler-formular.tsx'
import { differences, getKunde, readAktion, readEingabe, readZurueck } from './zugriff.ts'

const ID = ':id{[0-9]{1,9}}'
const KOPF = { aktiv: 'kunden', stile: ['kunden.css'] } as const

export const formularRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.kundeNeu(), (c) => neuerKunde(c, { art: 'NATUERLICH', status: 'AKTIV' }))
    .post(pfade.kundeNeu(), async (c) => {
      const { db, person, heute } = c.var
      const eingabe = await readEingabe(c)
      const auftrag = { betrieb: person.betriebId, aktion: readAktion(eingabe) }
      // Before the look for doubles: the second click of a double click would find the first one's customer.
      const erster = await findAntwort<number>(db, auftrag)
      if (erster !== undefined) return weiter(c, pfade.kunde(erster), 'Kunde angelegt.')
      const gelesen = readKunde(eingabe, heute)
      if (!gelesen.ok) return neuerKunde(c, eingabe, { fehler: gelesen.fehler })
      const doppelte = eingabe['trotzdem'] === schluessel(gelesen.werte) ? [] : await listDoppelte(db, gelesen.werte)
      if (doppelte.length > 0) return neuerKunde(c, eingabe, { doppelte, verborgen: { trotzdem: schluessel(gelesen.werte) } })
      const id = await once(db, auftrag, () => insertKunde(db, { betrieb: person.betriebId, vermittler: person.id, daten: gelesen.werte }))
      return weiter(c, pfade.kunde(id), 'Kunde angelegt.')
    })
    .get(pfade.kundeBearbeiten(ID), async (c) => {
      const kunde = await getKunde(c.var.db, c.req.param('id'))
      return bearbeiten(c, kunde, toEingabe(kunde), { version: kunde.version, zurueck: readZurueck(c.req.query('zurueck')) })
    })
    .post(pfade.kundeBearbeiten(ID), async (c) => {
      const { db, heute } = c.var
      const kunde = await getKunde(db, c.req.param('id'))
      const eingabe = await readEingabe(c)
      const zurueck = readZurueck(eingabe['zurueck'])
      const gesehen = Number(eingabe['version']) || 0
      const gelesen = readKunde(eingabe, heute)
      if (!gelesen.ok) return bearbeiten(c, kunde, eingabe, { version: gesehen, zurueck }, { fehler: gelesen.fehler })
      const aenderung = await updateKunde(db, kunde.id, gesehen, gelesen.werte)
      if (aenderung.art !== 'KONFLIKT') return weiter(c, mitZurueck(pfade.kunde(kunde.id), zurueck), 'Gespeichert.')
      const konflikt = differences(toEingabe(aenderung.jetzt), toEingabe(gelesen.werte))
      // A second click of the same form: what it says stands there already.
      if (Object.keys(konflikt).length === 0) return weiter(c, mitZurueck(pfade.kunde(kunde.id), zurueck), 'Gespeichert.')
      return bearbeiten(c, kunde, eingabe, { version: aenderung.jetzt.version, zurueck }, { konflikt })
    })
    .get(pfade.kundeVermittler(ID), nurSupervisor, (c) => vermittlerAendern(c))
    .post(pfade.kundeVermittler(ID), nurSupervisor, async (c) => {
      const { db, person } = c.var
      const kunde = await getKunde(db, c.req.param('id'))
      const eingabe = await readEingabe(c)
      const auftrag = {
        kunde: kunde.id,
        betrieb: person.betriebId,
        neu: Number(eingabe['vermittler']) || 0,
        aktion: eingabe['aktion'] ?? '',
        person: person.id,
      }
      if (!/^[0-9a-f-]{36}$/.test(auftrag.aktion))
        return vermittlerAendern(c, { '': 'Das Formular war unvollständig. Bitte wählen Sie noch einmal.' })
      const ergebnis = await reassignKunde(db, auftrag)
      return ergebnis.ok ? weiter(c, pfade.kunde(kunde.id), 'Übergeben.') : vermittlerAendern(c, { vermittler: ergebnis.fehler })
    })

type Kontext = Context<Env, string>

function neuerKunde(c: Kontext, eingabe: Eingabe, mehr: Partial<Kundenformularansicht> = {}): Promise<Response> {
  const ansicht = {
    titel: 'Kunde anlegen',
    ziel: pfade.kundeNeu(),
    abbrechen: pfade.kunden(),
    eingabe,
    fehler: {},
    ...mehr,
    verborgen: { ...mehr.verborgen, aktion: readAktion(eingabe) },
  }
  const status = mehr.fehler || mehr.doppelte ? 422 : 200
  return seite(c, { titel: 'Kunde anlegen', status, ...KOPF }, <Kundenformular {...ansicht} />)
}

function bearbeiten(
  c: Kontext,
  kunde: KundeRow,
  eingabe: Eingabe,
  verborgen: { version: number; zurueck: string },
  mehr: Partial<Kundenformularansicht> = {},
): Promise<Response> {
  const ziel = pfade.kundeBearbeiten(kunde.id)
  const abbrechen = mitZurueck(pfade.kunde(kunde.id), verborgen.zurueck)
  const ansicht = { titel: `${nameListe(kunde)} bearbeiten`, ziel, abbrechen, eingabe, fehler: {}, verborgen, ...mehr }
  const status = mehr.konflikt ? 409 : mehr.fehler ? 422 : 200
  return seite(c, { titel: ansicht.titel, status, ...KOPF }, <Kundenformular {...ansicht} />)
}

async function vermittlerAendern(c: Kontext, fehler: Fehler = {}): Promise<Response> {
  const kunde = await getKunde(c.var.db, c.req.param('id') ?? '')
  const ansicht = { kunde: { ...kunde, name: nameListe(kunde) }, offen: kunde.faelle.length, alle: await listVermittler(c.var.db), fehler }
  const status = Object.keys(fehler).length > 0 ? 422 : 200
  return seite(c, { titel: 'Vermittler ändern', status, ...KOPF }, <Vermittlerformular {...ansicht} aktion={crypto.randomUUID()} />)
}

/** Stored values as a person would type them. */
function toEingabe(kunde: Kundendaten): Eingabe {
  const text = (feld: keyof Kundendaten): string => {
    const wert = kunde[feld] ?? ''
    if (feld === 'land' && istDeutschland(wert)) return ''
    return /^\d{4}-\d{2}-\d{2}$/.test(wert) ? datum(wert) : wert
  }
  return Object.fromEntries((Object.keys(KUNDENFELDER) as (keyof Kundendaten)[]).map((feld) => [feld, text(feld)]))
}

/** A warning once confirmed holds for this very person, not for a name typed afterwards. */
function schluessel({ vorname, name, geburtsdatum }: Kundendaten): string {
  return [name, vorname, geburtsdatum].filter(Boolean).join('/')
}

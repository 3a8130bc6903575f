/** What follows when a Fall has taken an action, or has not. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Child } from 'hono/jsx'
import { getListenzahlen } from '../../db/arbeitsvorrat.ts'
import type { Antwort, Auftrag } from '../../db/faelle.ts'
import { type Fallakte, type Fallkopf, findFallakte } from '../../db/fallakte.ts'
import { gemeinsam } from '../../db/gemeinsam.ts'
import { listZeitleiste } from '../../db/zeitleiste.ts'
import type { Eingabe } from '../../domain/kunde.ts'
import { isPartial, weiter, zaehler } from '../seite.tsx'
import type { Env } from '../umgebung.ts'
import { type Gezeigt, getPanel, zeigeAenderung, zeigeFehler } from './antwort.tsx'
import type { Formularstand } from './formularteile.tsx'
import { openList } from './kontext.ts'

interface Nachher {
  /** The Fall as it was before. */
  vorher: Pick<Fallkopf, 'id' | 'gevo' | 'abschnitt'>
  /** One sentence; shown on the next page where there is no list. */
  text: string
  /** The same with more in it, for the list. */
  meldung?: Child
  /** Another Fall's panel instead of this one's. */
  panelFall?: number
  /** The panel's form; undefined leaves the panel as it is. */
  zeige: (akte: Fallakte) => Gezeigt
  fokusAuf: string
  /** Where a browser without JavaScript goes. */
  ziel: string
}

export async function nachAktion(c: Context<Env>, { vorher, text, meldung, panelFall, zeige, fokusAuf, ziel }: Nachher): Promise<Response> {
  const liste = isPartial(c) ? openList(c) : undefined
  if (!liste) return weiter(c, ziel, text)
  const { db, heute, jetzt } = c.var
  const [gezeigt, davor, zahlen, kopf] = await gemeinsam([
    getPanel(c, panelFall ?? vorher.id, zeige),
    panelFall !== undefined && panelFall !== vorher.id && findFallakte(db, vorher.id, jetzt),
    getListenzahlen(db, { gevo: vorher.gevo, heute, jetzt, vermittler: liste.vermittler }),
    zaehler(c),
  ])
  const akte = davor === false ? gezeigt?.akte : davor
  if (!akte) throw new HTTPException(404)
  return zeigeAenderung(c, liste, {
    akte,
    vorher: vorher.abschnitt,
    zahlen,
    kopf,
    meldung: meldung ?? text,
    panel: gezeigt?.panel,
    fokusAuf,
    offen: panelFall ?? vorher.id,
  })
}

/** The form again with what was typed, and what somebody else did meanwhile; 404 where the Fall is gone. */
export async function abgelehnt(
  c: Context<Env>,
  {
    vorher,
    auftrag,
    antwort,
    eingabe,
    zeige,
  }: {
    vorher: Pick<Fallkopf, 'id'>
    auftrag: Auftrag
    antwort: Antwort & { ok: false }
    eingabe: Eingabe
    zeige: (akte: Fallakte, stand: Formularstand) => Gezeigt
  },
): Promise<Response> {
  const akte = await findFallakte(c.var.db, vorher.id, c.var.jetzt)
  if (!akte || antwort.grund === 'FALL_UNBEKANNT') throw new HTTPException(404)
  const seit = akte.version - (auftrag.gesehen ?? akte.version)
  const seither = seit > 0 ? await listZeitleiste(c.var.db, { fall: akte.id }, { limit: Math.min(seit, 10) }) : []
  // The refused action's id is spent: the next attempt is a new one.
  return zeigeFehler(c, akte, zeige(akte, { eingabe, abgelehnt: { text: antwort.text, seither } }))
}

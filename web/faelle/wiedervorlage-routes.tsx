/** "Übernahme Vorgänge": a reminder on this Fall for another day (signal `reminder`). */
import { Hono } from 'hono'
import type { Fallakte } from '../../db/fallakte.ts'
import { remindFall } from '../../db/vorgaenge.ts'
import { ZWISCHENERGEBNISSE, type Zwischenergebnis } from '../../domain/ergebnisse.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { readWiedervorlage } from '../../domain/wiedervorlage.ts'
import { zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import type { Env, WebDeps } from '../umgebung.ts'
import { type Gezeigt, zeigeAkte, zeigeFehler } from './antwort.tsx'
import { Dokumentationsformular, Dokumentationsfuss } from './dokumentation-formular.tsx'
import type { Formularstand } from './formularteile.tsx'
import { danach } from './kontakt-routes.tsx'
import { FALL_ID, fruehestens, getAkte, klick, readEingabe } from './kontext.ts'
import { abgelehnt, nachAktion } from './nach-aktion.tsx'
import { Wiedervorlageformular, Wiedervorlagefuss, freiHinweis } from './wiedervorlage-formular.tsx'

export const wiedervorlageRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.fallWiedervorlage(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      const nach = c.req.query('nach') ?? ''
      return zeigeAkte(c, akte, Object.hasOwn(ZWISCHENERGEBNISSE, nach) ? danach(c, akte, nach as Zwischenergebnis) : formular(akte, {}, c.var.heute))
    })
    .post(pfade.fallWiedervorlage(FALL_ID), async (c) => {
      const { db, heute } = c.var
      const akte = await getAkte(c)
      const eingabe = await readEingabe(c)
      const auftrag = klick(c, akte.id, eingabe)
      const gelesen = readWiedervorlage(eingabe, { heute, jetzt: await fruehestens(c, auftrag) })
      if (!gelesen.ok) return zeigeFehler(c, akte, formular(akte, { eingabe, fehler: gelesen.fehler, aktion: eingabe['aktion'] ?? '' }, heute))
      const antwort = await remindFall(db, auftrag, gelesen.werte)
      if (!antwort.ok) return abgelehnt(c, { vorher: akte, auftrag, antwort, eingabe, zeige: (a, stand) => formular(a, stand, heute) })
      const text = `Wiedervorlage ${zeitpunkt(gelesen.werte.am, heute)}, unter „Vorgänge“.${freiHinweis(berlinTag(gelesen.werte.am), akte.bundesland)}`
      return nachAktion(c, {
        vorher: akte,
        text,
        zeige: (nachher) => ({
          art: 'dokumentation',
          formular: <Dokumentationsformular akte={nachher} stand={{}} heute={heute} />,
          fuss: <Dokumentationsfuss />,
        }),
        fokusAuf: '#akte-titel',
        ziel: pfade.fall(akte.id),
      })
    })

function formular(akte: Fallakte, stand: Formularstand, heute: string): Gezeigt {
  return { art: 'wiedervorlage', formular: <Wiedervorlageformular {...{ akte, stand, heute }} />, fuss: <Wiedervorlagefuss akte={akte} /> }
}

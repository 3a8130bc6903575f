/** Closing a Fall and taking it back. The form beside the list, the page and the Wizard post here: one validation, equal rows. */
import { type Context, Hono } from 'hono'
import { getNachbar } from '../../db/arbeitsvorrat.ts'
import { documentFall, reopenFall } from '../../db/dokumentationen.ts'
import type { Fallakte } from '../../db/fallakte.ts'
import { readDokumentation } from '../../domain/dokumentation.ts'
import { ERGEBNISSE, VORGANG } from '../../domain/ergebnisse.ts'
import { sperrfristVon } from '../../domain/regel.ts'
import { sperreBis } from '../../domain/sperrfrist.ts'
import { getGevo } from '../../gevos/katalog.ts'
import { nameListe } from '../format.ts'
import { readVermittler } from '../geschaeftsvorfaelle/filter.tsx'
import { pfade } from '../pfade.ts'
import { seite, weiter } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { zeigeAngaben } from './angaben-routes.tsx'
import { type Gezeigt, NAECHSTE_ZEILE, SEITENKOPF, gevoPfad, zeigeAkte, zeigeFehler } from './antwort.tsx'
import { Dokumentationsformular, Dokumentationsfuss } from './dokumentation-formular.tsx'
import type { Formularstand } from './formularteile.tsx'
import { fragtZuerst } from './gefragt.ts'
import { FALL_ID, getAkte, getKopf, klick, openList, readEingabe } from './kontext.ts'
import { abgelehnt, nachAktion } from './nach-aktion.tsx'
import { Ruecknahme } from './ruecknahme.tsx'
import { Wizard } from './wizard.tsx'

export const dokumentationRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.fall(FALL_ID), async (c) => {
      const akte = await getAkte(c)
      return fragtZuerst(akte) ? zeigeAngaben(c, akte) : zeigeDokumentation(c, akte)
    })
    .get(pfade.fallDokumentation(FALL_ID), async (c) => zeigeDokumentation(c, await getAkte(c)))
    .get(pfade.fallWizard(FALL_ID), async (c) => zeigeWizard(c, await getAkte(c), readVermittler(c, c.req.query('vermittler'))))
    .post(pfade.fallDokumentation(FALL_ID), async (c) => {
      const { db, heute, jetzt } = c.var
      const kopf = await getKopf(c)
      const eingabe = await readEingabe(c)
      const wizard = eingabe['dann'] === 'wizard'
      const vermittler = readVermittler(c, eingabe['vermittler'])
      const gelesen = readDokumentation(eingabe, { gevo: kopf.gevo, offeneVorgaenge: kopf.offene_vorgaenge })
      if (!gelesen.ok)
        return nocheinmal(c, await getAkte(c), { eingabe, fehler: gelesen.fehler, aktion: eingabe['aktion'] ?? '' }, { wizard, vermittler })
      const filter = { gevo: kopf.gevo === VORGANG ? null : kopf.gevo, heute, jetzt, vermittler: openList(c)?.vermittler ?? vermittler }
      const folgt = wizard || eingabe['dann'] === 'weiter'
      const naechster = folgt ? (await getNachbar(db, { ...filter, fall: kopf.id })).naechster : null

      const auftrag = klick(c, kopf.id, eingabe)
      const sperre = sperreBis(sperrfristVon(getGevo(kopf.gevo).sperrfrist, kopf.sperrfrist_monate), gelesen.werte.ergebnis, heute)
      const antwort = await documentFall(db, auftrag, { ...gelesen.werte, sperreBis: sperre })
      if (!antwort.ok) {
        if (wizard && kopf.status === 'DOKUMENTIERT')
          return weiter(c, naechster ? pfade.fallWizard(naechster, { vermittler }) : gevoPfad(kopf.gevo, { vermittler }), antwort.text)
        const zeige = (jetztAkte: Fallakte, stand: Formularstand): Gezeigt => formular(jetztAkte, stand, heute, vermittler)
        return abgelehnt(c, { vorher: kopf, auftrag, antwort, eingabe, zeige })
      }
      if (wizard)
        return naechster
          ? weiter(c, pfade.fallWizard(naechster, { vermittler }), 'Dokumentiert.')
          : weiter(c, gevoPfad(kopf.gevo, { vermittler }), 'Dokumentiert. Das war der letzte Fall.')
      const undWeiter = eingabe['dann'] === 'weiter' && naechster !== null
      return nachAktion(c, {
        vorher: kopf,
        text: kopf.gevo === VORGANG ? 'Erledigt.' : 'Dokumentiert. Der Fall steht unter „Heute erledigt“ und kann dort zurückgenommen werden.',
        meldung: (
          <>
            Dokumentiert: {nameListe(kopf)}, {ERGEBNISSE[gelesen.werte.ergebnis]}{' '}
            <Ruecknahme fall={{ id: kopf.id, version: antwort.stand.version }} taste />
          </>
        ),
        ...(undWeiter && { panelFall: naechster }),
        zeige: (nachher) => formular(nachher, {}, heute),
        fokusAuf: undWeiter ? '#akte-titel' : NAECHSTE_ZEILE,
        ziel:
          eingabe['dann'] === 'weiter' && naechster
            ? pfade.fall(naechster, { vermittler })
            : kopf.gevo === VORGANG
              ? pfade.vorgaenge()
              : gevoPfad(kopf.gevo, { vermittler }),
      })
    })
    .post(pfade.fallRuecknahme(FALL_ID), async (c) => {
      const kopf = await getKopf(c)
      const eingabe = await readEingabe(c)
      const auftrag = klick(c, kopf.id, eingabe)
      const antwort = await reopenFall(c.var.db, auftrag)
      if (!antwort.ok)
        return nachAktion(c, {
          vorher: kopf,
          text: antwort.text,
          zeige: (a) => formular(a, {}, c.var.heute),
          fokusAuf: `#name-${kopf.id}`,
          ziel: pfade.fall(kopf.id),
        })
      return nachAktion(c, {
        vorher: kopf,
        text: 'Zurückgenommen: Der Fall ist wieder offen.',
        meldung: `Zurückgenommen: ${nameListe(kopf)} ist wieder offen.`,
        zeige: (nachher) => formular(nachher, {}, c.var.heute),
        fokusAuf: `#name-${kopf.id}`,
        ziel: pfade.fall(kopf.id),
      })
    })

async function zeigeDokumentation(c: Context<Env>, akte: Fallakte): Promise<Response> {
  return zeigeAkte(c, akte, formular(akte, {}, c.var.heute, readVermittler(c, c.req.query('vermittler'))))
}

/** The compact page for this customer; saving leads to the next. */
async function zeigeWizard(c: Context<Env>, akte: Fallakte, vermittler: number | undefined, stand: Formularstand = {}): Promise<Response> {
  const { db, heute, jetzt } = c.var
  const nachbar = await getNachbar(db, { gevo: akte.gevo === VORGANG ? null : akte.gevo, heute, jetzt, vermittler, fall: akte.id })
  const kopf = { titel: 'Wizard', aktiv: 'geschaeftsvorfaelle', ...SEITENKOPF, breit: false } as const
  return seite(
    c,
    { ...kopf, ...(stand.fehler || stand.abgelehnt ? { status: 422 } : {}) },
    <Wizard {...{ akte, stand, heute, nachbar, vermittler }} />,
  )
}

function nocheinmal(
  c: Context<Env>,
  akte: Fallakte,
  stand: Formularstand,
  { wizard, vermittler }: { wizard: boolean; vermittler: number | undefined },
): Promise<Response> {
  return wizard ? zeigeWizard(c, akte, vermittler, stand) : zeigeFehler(c, akte, formular(akte, stand, c.var.heute, vermittler))
}

function formular(akte: Fallakte, stand: Formularstand, heute: string, vermittler?: number): Gezeigt {
  return {
    art: 'dokumentation',
    formular: <Dokumentationsformular {...{ akte, stand, heute, vermittler }} />,
    fuss: <Dokumentationsfuss />,
    vermittler,
  }
}

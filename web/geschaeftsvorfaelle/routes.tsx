/** Overview of all GeVos, the list of one, and the way to the next Fall. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Child } from 'hono/jsx'
import { ABSCHNITTE, type Abschnitt, getNachbar, listArbeitsvorrat } from '../../db/arbeitsvorrat.ts'
import { getLage, listUeberblick } from '../../db/arbeitszahlen.ts'
import { gemeinsam } from '../../db/gemeinsam.ts'
import { getRegel, listRegeln } from '../../db/regeln.ts'
import { katalog } from '../../gevos/katalog.ts'
import { SEITENKOPF, getPanel, gevoPfad } from '../faelle/antwort.tsx'
import { Dokumentationsformular, Dokumentationsfuss } from '../faelle/dokumentation-formular.tsx'
import { besideList } from '../faelle/kontext.ts'
import { pfade } from '../pfade.ts'
import { isPartial, seite, weiter, zaehler } from '../seite.tsx'
import type { Env, WebDeps } from '../umgebung.ts'
import { SEITENNAMEN, findLetzteSeiten, listenpfad } from './blaettern.tsx'
import { readVermittlerwahl } from './filter.tsx'
import { Arbeitsliste } from './liste.tsx'
import { Uebersicht } from './uebersicht.tsx'

const KEY = ':key{[a-z0-9-]+}'
const AKTIV = { aktiv: 'geschaeftsvorfaelle', ...SEITENKOPF } as const

export const geschaeftsvorfaelleRoutes = (_deps: WebDeps) =>
  new Hono<Env>()
    .get(pfade.geschaeftsvorfaelle(), async (c) => {
      const { db, heute, person } = c.var
      const wahl = await readVermittlerwahl(c)
      const filter = { heute, vermittler: wahl.vermittler }
      const [zahlen, regeln] = await gemeinsam([listUeberblick(db, filter), listRegeln(db, katalog)])
      const lage = await getLage(db, { ...filter, leer: zahlen.every(({ offen }) => offen === 0) })
      const aus = new Set(regeln.filter(({ an }) => !an).map(({ gevo }) => gevo))
      const ansicht = { zahlen, lage, aus, wahl, heute, supervisor: person.rolle === 'SUPERVISOR' }
      return zeige(c, 'Geschäftsvorfälle', <Uebersicht {...ansicht} />)
    })
    .get(pfade.naechsterFall(KEY), async (c) => {
      const { db, heute, jetzt } = c.var
      const key = c.req.param('key') ?? ''
      const gevo = key === 'alle' ? null : getListed(key)
      const { vermittler } = await readVermittlerwahl(c)
      const nach = readZahl(c, 'nach')
      const { naechster, naechsterGevo } = await getNachbar(db, { gevo: gevo?.code ?? null, heute, jetzt, vermittler, fall: nach })
      const liste = gevo ? pfade.gevo(gevo.key, { vermittler }) : pfade.geschaeftsvorfaelle({ vermittler })
      if (naechster === null || naechsterGevo === null) return weiter(c, liste, 'Es gibt keinen weiteren Fall.')
      return weiter(c, gevoPfad(naechsterGevo, { vermittler, fall: naechster }))
    })
    .get(pfade.gevo(KEY), async (c) => {
      const { db, heute, jetzt, person } = c.var
      const gevo = getListed(c.req.param('key') ?? '')
      const wahl = await readVermittlerwahl(c)
      const seiten = readSeiten(c)
      const gewaehlt = readZahl(c, 'fall')
      const [liste, offen] = await gemeinsam([
        listArbeitsvorrat(db, { gevo: gevo.code, heute, jetzt, vermittler: wahl.vermittler, seiten }),
        gewaehlt
          ? getPanel(c, gewaehlt, (akte) => ({
              art: 'dokumentation',
              formular: <Dokumentationsformular akte={akte} stand={{}} heute={heute} />,
              fuss: <Dokumentationsfuss />,
            }))
          : undefined,
      ])
      const letzte = findLetzteSeiten(seiten, liste.zahlen)
      if (letzte) {
        const pfad = listenpfad({ gevo, wahl, seiten }, letzte)
        return c.redirect(gewaehlt ? besideList({ pfad }, gewaehlt) : pfad, 303)
      }
      const leer = liste.zahlen.OFFEN === 0
      const aus = leer && !(await getRegel(db, gevo)).an
      const lage = leer && !aus ? await getLage(db, { heute, vermittler: wahl.vermittler, leer }) : undefined
      const nacht = lage?.nacht ?? null
      const ansicht = { gevo, liste, wahl, seiten, fall: offen && gewaehlt, panel: offen?.panel ?? null, aus, nacht, heute }
      return zeige(c, gevo.titel, <Arbeitsliste {...ansicht} supervisor={person.rolle === 'SUPERVISOR'} />)
    })

/** With the counts of the menu where the page has loaded itself again. */
async function zeige(c: Context<Env>, titel: string, inhalt: Child): Promise<Response> {
  const mehr = isPartial(c) && (await zaehler(c))
  return seite(
    c,
    { titel, ...AKTIV },
    <>
      {inhalt}
      {mehr}
    </>,
  )
}

function getListed(key: string): (typeof katalog)[number] {
  const gevo = katalog.find((g) => g.key === key)
  if (!gevo) throw new HTTPException(404)
  return gevo
}

function readSeiten(c: Context): Partial<Record<Abschnitt, number>> {
  const gesetzt = ABSCHNITTE.map((a) => [a, readZahl(c, SEITENNAMEN[a])] as const).filter(([, n]) => n !== undefined)
  return Object.fromEntries(gesetzt)
}

function readZahl(c: Context, name: string): number | undefined {
  const text = c.req.query(name) ?? ''
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

/** How a Fall answers: its panel, its row in the open list, the counts, and where the focus goes. */
import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Abschnitt, Listenzahlen } from '../../db/arbeitsvorrat.ts'
import { type Fallakte, findFallakte } from '../../db/fallakte.ts'
import { gemeinsam } from '../../db/gemeinsam.ts'
import { listZeitleiste } from '../../db/zeitleiste.ts'
import { VORGANG } from '../../domain/ergebnisse.ts'
import { katalog } from '../../gevos/katalog.ts'
import { zahl } from '../format.ts'
import { Auffuellen } from '../geschaeftsvorfaelle/blaettern.tsx'
import { Listenkopfzahlen } from '../geschaeftsvorfaelle/kopfzahlen.tsx'
import { pfade } from '../pfade.ts'
import { fragment, isPartial, seite } from '../seite.tsx'
import type { Env } from '../umgebung.ts'
import { Akte, type Formularart, VERLAUF } from './akte.tsx'
import { type Liste, besideList, openList } from './kontext.ts'
import { gevoTitel } from './worte.ts'
import { type Listenkontext, Zeile } from './zeile.tsx'

export const SEITENKOPF = { stile: ['kunden.css', 'faelle.css'], skripte: ['faelle.js'], breit: true } as const

export interface Gezeigt {
  art: Formularart
  formular: Child
  /** Its save bar. */
  fuss?: Child
  /** Of a page: the filter of the list it was opened from. */
  vermittler?: number | undefined
}

/** The Fall with one of its forms: as panel for htmx, else as page. */
export async function zeigeAkte(c: Context<Env>, akte: Fallakte, { art, formular, fuss, vermittler }: Gezeigt): Promise<Response> {
  const panel = <Akte {...{ akte, formular, fuss, art, heute: c.var.heute }} zeitleiste={await listVerlauf(c, akte.id)} />
  if (!isPartial(c))
    return seite(c, { titel: gevoTitel(akte.gevo), aktiv: aktiv(akte), ...SEITENKOPF }, <Einzelseite {...{ akte, panel, vermittler }} />)
  const liste = openList(c)
  if (liste) c.header(liste.fall === akte.id ? 'HX-Replace-Url' : 'HX-Push-Url', besideList(liste, akte.id))
  c.header('HX-Trigger', fokus(c.req.path === pfade.fall(akte.id) ? '' : '#akte .formular form h2, #akte .formular h2'))
  return fragment(c, panel)
}

/** A form that was not taken: alone for htmx (into itself), else the whole page. */
export async function zeigeFehler(c: Context<Env>, akte: Fallakte, { art, formular, fuss, vermittler }: Gezeigt): Promise<Response> {
  if (isPartial(c)) return fragment(c, formular, { status: 422 })
  const panel = <Akte {...{ akte, formular, fuss, art, heute: c.var.heute }} zeitleiste={await listVerlauf(c, akte.id)} />
  return seite(c, { titel: gevoTitel(akte.gevo), aktiv: aktiv(akte), status: 422, ...SEITENKOPF }, <Einzelseite {...{ akte, panel, vermittler }} />)
}

interface Geaendert {
  /** The Fall after the action. */
  akte: Fallakte
  /** The section its row stood in before. */
  vorher: Abschnitt
  zahlen: Listenzahlen
  /** The counts of menu and header. */
  kopf: Child
  meldung: Child
  /** What the panel shows; without, it stays as it is. */
  panel?: Child
  /** Where the focus goes: a selector. */
  fokusAuf: string
  /** The Fall whose panel is open now. */
  offen: number
}

/** After an action from the list: row, counts, message and focus. */
export function zeigeAenderung(
  c: Context<Env>,
  liste: Liste,
  { akte, vorher, zahlen, kopf, meldung, panel, fokusAuf, offen }: Geaendert,
): Promise<Response> {
  const kontext: Listenkontext = { heute: c.var.heute, mitVermittler: c.var.person.rolle === 'SUPERVISOR', vermittler: liste.vermittler }
  const zeile = <Zeile zeile={akte} kontext={kontext} gewaehlt={offen === akte.id} />
  c.header('HX-Replace-Url', besideList(liste, offen))
  c.header('HX-Trigger', fokus(fokusAuf))
  return fragment(
    c,
    <>
      {panel}
      {vorher === akte.abschnitt ? (
        <hx-partial hx-target={`#fall-${akte.id}`} hx-swap="outerHTML">
          {zeile}
        </hx-partial>
      ) : (
        <>
          <hx-partial hx-target={`#fall-${akte.id}`} hx-swap="delete"></hx-partial>
          <hx-partial hx-target={`#zeilen-${akte.abschnitt}`} hx-swap="prepend">
            {zeile}
          </hx-partial>
          {[vorher, akte.abschnitt].includes('OFFEN') && (
            <hx-partial hx-target="#blaettern-OFFEN">
              <Auffuellen pfad={liste.pfad} offen={zahlen.OFFEN} />
            </hx-partial>
          )}
        </>
      )}
      <hx-partial hx-target="#kopfzahlen">
        <Listenkopfzahlen zahlen={zahlen} />
      </hx-partial>
      <hx-partial hx-target="#zahl-WIEDERVORLAGE">{zahl(zahlen.WIEDERVORLAGE)}</hx-partial>
      <hx-partial hx-target="#zahl-ERLEDIGT">{zahl(zahlen.ERLEDIGT)}</hx-partial>
      {kopf}
    </>,
    { meldung },
  )
}

export async function getPanel(
  c: Context<Env>,
  id: number,
  zeige: (akte: Fallakte) => Gezeigt,
): Promise<{ akte: Fallakte; panel: Child } | undefined> {
  const [akte, zeitleiste] = await gemeinsam([findFallakte(c.var.db, id, c.var.jetzt), listVerlauf(c, id)])
  if (!akte) return undefined
  return { akte, panel: <Akte {...{ akte, zeitleiste, ...zeige(akte), heute: c.var.heute }} /> }
}

export function listVerlauf(c: Context<Env>, fall: number): ReturnType<typeof listZeitleiste> {
  return listZeitleiste(c.var.db, { fall }, { limit: VERLAUF + 1 })
}

const Einzelseite = ({ akte, panel, vermittler }: { akte: Fallakte; panel: Child; vermittler: number | undefined }) => (
  <>
    <header>
      <h1>{gevoTitel(akte.gevo)}</h1>
      <p>
        <a href={akte.gevo === VORGANG ? pfade.vorgaenge() : gevoPfad(akte.gevo, { vermittler })}>zur Liste</a>
      </p>
    </header>
    <aside id="akte" class="akte einzeln" aria-label="Fall">
      {panel}
    </aside>
    <div id="menue" class="menue" popover="auto" />
  </>
)

export function gevoPfad(code: string, filter: { vermittler?: number | undefined; fall?: number } = {}): string {
  const gevo = katalog.find((g) => g.code === code)
  return gevo ? pfade.gevo(gevo.key, filter) : pfade.geschaeftsvorfaelle()
}

function aktiv(akte: Fallakte): 'vorgaenge' | 'geschaeftsvorfaelle' {
  return akte.gevo === VORGANG ? 'vorgaenge' : 'geschaeftsvorfaelle'
}

/**
 * The row that followed the open Fall's before the answer moved it: only the browser knows what its list shows. After the page's last row what fills it
 * again; else the list's heading.
 */
export const NAECHSTE_ZEILE = '.folgt a.name, #blaettern-OFFEN a[rel=next], #liste h1'

/** faelle.js sets the focus on the first that is there. */
export function fokus(ziel: string): string {
  return JSON.stringify({ 'faelle:fokus': { ziel } })
}

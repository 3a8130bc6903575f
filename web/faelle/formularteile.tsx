/** What the forms of a Fall have in common: hidden fields, faults, a conflict with somebody else's change, the save bar. */
import type { Child } from 'hono/jsx'
import type { Fallakte } from '../../db/fallakte.ts'
import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { sortFehler } from '../../domain/dokumentation.ts'
import type { Eingabe, Fehler } from '../../domain/kunde.ts'
import { uhrzeit } from '../format.ts'
import { ereignisText } from '../kunden/ereignisse.ts'
import { Fehlerliste, Feld, Verborgen } from '../teile.tsx'

/** A form as it is shown: empty, or again with what was typed. */
export interface Formularstand {
  eingabe?: Eingabe
  fehler?: Fehler
  /** Why the Fall did not take it, and what somebody else did meanwhile. */
  abgelehnt?: { text: string; seither: readonly Zeitleisteneintrag[] }
  /** The action's id; kept while nothing was taken, so that a second click is the same one. */
  aktion?: string
  /** A line above the fields, such as what comes after a call nobody answered. */
  hinweis?: string
}

interface KopfProps {
  titel: string
  id: string
  akte: Pick<Fallakte, 'version'>
  stand: Formularstand
  felder: Readonly<Record<string, string>>
}

export const Formularkopf = ({ titel, id, akte, stand, felder }: KopfProps) => (
  <>
    <Verborgen felder={{ aktion: stand.aktion ?? crypto.randomUUID(), gesehen: akte.version }} />
    <h2 id={`${id}-kopf`} tabindex={-1}>
      {titel}
    </h2>
    {stand.hinweis && <p class="grund">{stand.hinweis}</p>}
    {stand.abgelehnt && <Abgelehnt {...stand.abgelehnt} />}
    <Fehlerliste fehler={Object.fromEntries(sortFehler(stand.fehler ?? {}, felder))} form={id} />
  </>
)

const Abgelehnt = ({ text, seither }: NonNullable<Formularstand['abgelehnt']>) => (
  <div class="fehlerliste" tabindex={-1} data-fokus>
    <strong>Nicht gespeichert</strong>
    <p>{text}</p>
    {seither.length > 0 && (
      <ul>
        {seither.map((eintrag) => (
          <li>
            {uhrzeit(eintrag.am)}: {ereignisText(eintrag)}
            {eintrag.person && ` (${eintrag.person})`}
          </li>
        ))}
      </ul>
    )}
    <p>Ihre Eingaben stehen unverändert unten.</p>
  </div>
)

interface GrundfeldProps {
  form: string
  stand: Formularstand
  hinweis: string
  pflicht?: boolean
}

/** Why there is advertising without a consent (§ 7 UWG). */
export const Grundfeld = ({ form, stand: { eingabe, fehler }, hinweis, pflicht = false }: GrundfeldProps) => (
  <Feld form={form} name="grund" label="Grund" wert={eingabe?.['grund']} fehler={fehler} hinweis={hinweis} pflicht={pflicht} maxlength={200} />
)

/** Stands below the scrolling part, so that it covers no field: its buttons name their form. */
export const Formularfuss = ({ children }: { children?: Child }) => <div class="taten speichern">{children}</div>

/** htmx: into the panel; faults back into the form; one press, one request. */
export const htmxForm = (pfad: string) => ({
  'hx-post': pfad,
  'hx-target': '#akte',
  'hx-disable': '#akte .speichern button',
  'hx-status:422': "target:'closest form' swap:outerHTML",
})

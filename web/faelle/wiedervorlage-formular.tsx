import type { Fallakte } from '../../db/fallakte.ts'
import type { Eingabe, Fehler } from '../../domain/kunde.ts'
import { WIEDERVORLAGEFELDER, ZEIT, freierTag, vorschlaege } from '../../domain/wiedervorlage.ts'
import { nameListe, tag } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Feld, Wahl } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, htmxForm } from './formularteile.tsx'
import { gevoTitel } from './worte.ts'

const FORM = 'wiedervorlage'

/** "Übernahme Vorgänge": the customer is taken over and cannot be changed. */
export const Wiedervorlageformular = ({ akte, stand, heute }: { akte: Fallakte; stand: Formularstand; heute: string }) => {
  const { eingabe = {}, fehler = {} } = stand
  const pfad = pfade.fallWiedervorlage(akte.id)
  return (
    <form id={FORM} class="doku" method="post" action={pfad} {...htmxForm(pfad)}>
      <Formularkopf titel="Übernahme Vorgänge" id={FORM} akte={akte} stand={stand} felder={WIEDERVORLAGEFELDER} />
      <dl>
        <dt>Kunde</dt>
        <dd>
          {nameListe(akte)}, {akte.kundennummer}
        </dd>
        <dt>Fall</dt>
        <dd>{gevoTitel(akte.gevo)}</dd>
      </dl>
      <Terminfelder {...{ eingabe, fehler, heute, land: akte.bundesland }} form={FORM} />
      <Feld form={FORM} name="titel" label="Titel" wert={eingabe['titel']} fehler={fehler} pflicht maxlength={120} />
      <Feld form={FORM} name="notiz" label="Notiz" wert={eingabe['notiz']} fehler={fehler} zeilen={2} />
    </form>
  )
}

/** With a letter as the other way, once the telephone has failed often enough. */
export const Wiedervorlagefuss = ({ akte, brief = false }: { akte: Fallakte; brief?: boolean }) => (
  <Formularfuss>
    <button class="haupt" form={FORM}>
      Wiedervorlage anlegen
    </button>
    {brief && (
      <a class="knopf" href={pfade.fallKontakt(akte.id, 'BRIEF')} hx-get={pfade.fallKontakt(akte.id, 'BRIEF')} hx-target="#akte">
        Brief vermerken
      </a>
    )}
  </Formularfuss>
)

interface TerminProps {
  eingabe: Eingabe
  fehler: Fehler
  heute: string
  land: string
  form: string
}

/** Suggested working days and a free date; `wann` of the input may be a day that is suggested besides. */
export const Terminfelder = ({ eingabe, fehler, heute, land, form }: TerminProps) => {
  const tage = vorschlaege(heute, land).map((v) => [v.tag, `${v.titel}, ${tag(v.tag, heute)}`] as [string, string])
  const gewaehlt = eingabe['wann'] ?? ''
  if (/^\d{4}-/.test(gewaehlt) && !tage.some(([t]) => t === gewaehlt)) tage.push([gewaehlt, tag(gewaehlt, heute)])
  return (
    <>
      <Wahl form={form} name="wann" label="Tag" werte={[...tage, ['ANDERS', 'anderer Tag']]} wert={gewaehlt} fehler={fehler} />
      <div class="nebeneinander">
        <Feld form={form} name="datum" label="Anderer Tag" wert={eingabe['datum']} fehler={fehler} hinweis="zum Beispiel 1.12. oder 01.12.2026" />
        <Feld form={form} name="zeit" label="Uhrzeit" wert={eingabe['zeit'] ?? ZEIT} fehler={fehler} hinweis="zum Beispiel 9:30" />
      </div>
    </>
  )
}

/** Said after saving, when somebody chose a day on which the office is closed. */
export function freiHinweis(tagText: string, land: string): string {
  const frei = freierTag(tagText, land)
  return frei ? ` Bitte beachten Sie: ${frei}.` : ''
}

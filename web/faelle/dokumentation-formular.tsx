/** The one form that closes a Fall: beside the list, on its own page and in the Wizard. */
import type { Child } from 'hono/jsx'
import type { Fallakte } from '../../db/fallakte.ts'
import { BERATUNGSFELDER, DOKUMENTATIONSFELDER, HAEUFIGE_ERGEBNISSE } from '../../domain/dokumentation.ts'
import { ERGEBNISSE, type Ergebnis, KANAELE, VORGANG, ergebnisseFuer } from '../../domain/ergebnisse.ts'
import type { Eingabe } from '../../domain/kunde.ts'
import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Feld, Taste, Verborgen, Wahl, feldId } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, htmxForm } from './formularteile.tsx'
import { sperreText } from './worte.ts'

const FORM = 'doku'
const WEGE = (['TELEFON', 'CHAT', 'EMAIL', 'BRIEF', 'PERSOENLICH'] as const).map((code) => [code, KANAELE[code]] as const)
const BERATUNGSHINWEISE: Partial<Record<(typeof BERATUNGSFELDER)[number], string>> = {
  rat: 'Was haben Sie geraten?',
  gruende: 'Warum haben Sie dazu geraten?',
  entscheidung: 'Wie hat sich die Kundin oder der Kunde entschieden?',
}

interface Props {
  akte: Fallakte
  stand: Formularstand
  heute: string
  /** In the Wizard every save leads to the next. */
  wizard?: boolean
  /** The filter of the list a page was opened from; beside the list the browser tells it. */
  vermittler?: number | undefined
}

export const Dokumentationsformular = ({ akte, stand, heute, wizard = false, vermittler }: Props) => {
  const { eingabe = {}, fehler = {} } = stand
  const moeglich = ergebnisseFuer(akte.gevo)
  const vonHand = akte.gevo === VORGANG
  const pfad = pfade.fallDokumentation(akte.id)
  return (
    <form id="dokumentation" class="doku" method="post" action={pfad} data-fall={akte.id} {...(wizard ? {} : htmxForm(pfad))}>
      <Formularkopf titel={vonHand ? 'Erledigen' : 'Dokumentieren'} id={FORM} akte={akte} stand={stand} felder={DOKUMENTATIONSFELDER} />
      {vermittler !== undefined && <Verborgen felder={{ vermittler }} />}
      {!vonHand && <Wahl form={FORM} name="kanal" label="Weg" werte={WEGE} wert={eingabe['kanal']} fehler={fehler} />}
      {vonHand ? <input type="hidden" name="ergebnis" value="ERLEDIGT" /> : <Ergebniswahl {...{ akte, eingabe, fehler, moeglich, heute }} />}
      {!vonHand && (
        <fieldset class="beratung">
          <legend>Beratungsdokumentation (§ 61 VVG)</legend>
          {BERATUNGSFELDER.map((feld) => (
            <Feld
              form={FORM}
              name={feld}
              label={DOKUMENTATIONSFELDER[feld]}
              wert={eingabe[feld]}
              fehler={fehler}
              zeilen={2}
              hinweis={BERATUNGSHINWEISE[feld]}
            />
          ))}
        </fieldset>
      )}
      {akte.offene_vorgaenge > 0 && !vonHand && (
        <Wahl
          form={FORM}
          name="vorgaenge"
          label={`${mehrzahl(akte.offene_vorgaenge, 'offene Wiedervorlage', 'offene Wiedervorlagen')} (${akte.vorgaenge.map((v) => v.titel).join(', ')})`}
          werte={[
            ['BLEIBEN', akte.offene_vorgaenge === 1 ? 'Wiedervorlage bleibt' : 'Wiedervorlagen bleiben'],
            ['ERLEDIGT', 'erledigt'],
          ]}
          wert={eingabe['vorgaenge']}
          fehler={fehler}
        />
      )}
      <Feld form={FORM} name="notiz" label="Notiz" wert={eingabe['notiz']} fehler={fehler} zeilen={2} />
    </form>
  )
}

export const Dokumentationsfuss = ({ wizard = false }: { wizard?: boolean }) => (
  <Formularfuss>
    {wizard ? (
      <button class="haupt" form="dokumentation" name="dann" value="wizard" data-strg-enter>
        Speichern und weiter <Taste>Strg ↵</Taste>
      </button>
    ) : (
      <>
        <button class="haupt" form="dokumentation">
          Speichern
        </button>
        <button class="leise" form="dokumentation" name="dann" value="weiter" data-strg-enter>
          und weiter <Taste>Strg ↵</Taste>
        </button>
      </>
    )}
  </Formularfuss>
)

interface ErgebnisProps {
  akte: Fallakte
  eingabe: Eingabe
  fehler: Readonly<Record<string, string>>
  moeglich: readonly Ergebnis[]
  heute: string
}

/** The four common results in sight, the others one click away; below it what the chosen one means for the next time. */
const Ergebniswahl = ({ akte, eingabe, fehler, moeglich, heute }: ErgebnisProps) => {
  const id = feldId('ergebnis', FORM)
  const weitere = moeglich.filter((e) => !HAEUFIGE_ERGEBNISSE.includes(e))
  const fehlt = fehler['ergebnis']
  return (
    <fieldset class="feld ergebnis" id={id} aria-describedby={fehlt ? `${id}-fehler` : undefined}>
      <legend>Ergebnis</legend>
      <div class="wahl">
        {HAEUFIGE_ERGEBNISSE.map((e) => (
          <Chip code={e} an={eingabe['ergebnis'] === e} />
        ))}
      </div>
      <details open={weitere.some((e) => eingabe['ergebnis'] === e)}>
        <summary>weitere …</summary>
        <div class="wahl">
          {weitere.map((e) => (
            <Chip code={e} an={eingabe['ergebnis'] === e} />
          ))}
        </div>
      </details>
      {moeglich.map((e) => (
        <p class="hinweis sperre" id={`sperre-${e}`} data-fuer={e}>
          <strong>{ERGEBNISSE[e]}:</strong> {sperreText(akte.gevo, e, heute, akte.sperrfrist_monate)}
        </p>
      ))}
      {fehlt && (
        <p class="fehler" id={`${id}-fehler`}>
          {fehlt}
        </p>
      )}
    </fieldset>
  )
}

const Chip = ({ code, an }: { code: Ergebnis; an: boolean }): Child => (
  <label>
    <input type="radio" id={`${feldId('ergebnis', FORM)}-${code}`} name="ergebnis" value={code} checked={an} aria-describedby={`sperre-${code}`} />
    {ERGEBNISSE[code]}
  </label>
)

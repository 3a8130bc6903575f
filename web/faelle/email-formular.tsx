import type { Fallakte } from '../../db/fallakte.ts'
import { type Erlaubnis, type Klasse, darfKontakt } from '../../domain/einwilligung.ts'
import { briefanrede } from '../../domain/anrede.ts'
import type { Fallart } from '../../gevos/gevo.ts'
import { getGevo } from '../../gevos/katalog.ts'
import { fuelle } from '../../gevos/texte.ts'
import { pfade } from '../pfade.ts'
import { Feld } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, htmxForm } from './formularteile.tsx'

export const EMAILFELDER = { an: 'Adresse', betreff: 'Betreff', inhalt: 'Text', grund: 'Grund' } as const
export type Vorlage = 'hinweis' | 'angebot' | 'frei'
const VORLAGEN = { hinweis: 'Hinweis zum Vertrag', angebot: 'Angebot (Werbung)', frei: 'freier Text' } as const
const FORM = 'email'

/** The ones the GeVo has, the plain facts first. */
export function vorlagen(gevo: Fallart): Vorlage[] {
  const da = (['hinweis', 'angebot'] as const).filter((art) => gevo[art])
  return da.length > 0 ? da : ['frei']
}

/** The class belongs to the text, not to the GeVo: only plain facts are Vertragsverwaltung. */
export function klasse(gevo: Fallart, vorlage: Vorlage): Klasse {
  return vorlage === 'hinweis' ? 'V' : vorlage === 'angebot' ? 'W' : gevo.klasse
}

export function emailErlaubnis(akte: Fallakte, vorlage: Vorlage): Erlaubnis {
  const { einwilligungen, werbewiderspruch_am: werbewiderspruchAm } = akte
  return darfKontakt({ klasse: klasse(getGevo(akte.gevo), vorlage), kanal: 'EMAIL', einwilligungen, werbewiderspruchAm })
}

/** Address, subject and text as they would go out. */
export function vorbelegt(akte: Fallakte, vorlage: Vorlage, absender: { vermittler: string; betrieb: string }): Record<string, string> {
  const gevo = getGevo(akte.gevo)
  const text = vorlage === 'frei' ? undefined : gevo[vorlage]
  const werte = { anrede: briefanrede(akte), ...absender, ...gevo.platzhalter?.(akte.befund) }
  const gruss = `{anrede},\n\n\n\nFreundliche Grüße\n{vermittler}\n{betrieb}`
  return {
    an: akte.email ?? '',
    betreff: fuelle(text?.betreff ?? gevo.titel, werte),
    inhalt: fuelle(text?.text ?? gruss, werte),
    vorlage,
  }
}

export const Emailformular = ({ akte, stand, vorlage }: { akte: Fallakte; stand: Formularstand; vorlage: Vorlage }) => {
  const { eingabe = {}, fehler = {} } = stand
  const pfad = pfade.fallEmail(akte.id)
  const erlaubnis = emailErlaubnis(akte, vorlage)
  const andere = vorlagen(getGevo(akte.gevo))
  return (
    <form id={FORM} class="doku" method="post" action={pfad} {...htmxForm(pfad)}>
      <Formularkopf titel="E-Mail" id={FORM} akte={akte} stand={stand} felder={EMAILFELDER} />
      <input type="hidden" name="vorlage" value={vorlage} />
      {andere.length > 1 && (
        <nav class="wahl" aria-label="Vorlage">
          {andere.map((art) => (
            <a
              class="knopf"
              href={`${pfad}?vorlage=${art}`}
              hx-get={`${pfad}?vorlage=${art}`}
              hx-target="#akte"
              aria-current={art === vorlage ? 'true' : undefined}
            >
              {VORLAGEN[art]}
            </a>
          ))}
        </nav>
      )}
      {vorlage === 'hinweis' && <p class="hinweis">Nur Tatsachen zum Vertrag. Sobald der Text wirbt, wählen Sie bitte „{VORLAGEN.angebot}“.</p>}
      {erlaubnis.antwort !== 'ERLAUBT' && <p class="warnung">{erlaubnis.warum}</p>}
      {erlaubnis.antwort !== 'GESPERRT' && (
        <>
          {erlaubnis.antwort === 'NUR_MIT_GRUND' && (
            <Feld
              form={FORM}
              name="grund"
              label="Grund"
              wert={eingabe['grund']}
              fehler={fehler}
              pflicht
              maxlength={200}
              hinweis="zum Beispiel „hat am Telefon um Unterlagen gebeten“"
            />
          )}
          <Feld form={FORM} name="an" label="Adresse" typ="email" wert={eingabe['an']} fehler={fehler} pflicht />
          <Feld form={FORM} name="betreff" label="Betreff" wert={eingabe['betreff']} fehler={fehler} pflicht maxlength={150} />
          <Feld
            form={FORM}
            name="inhalt"
            label="Text"
            wert={eingabe['inhalt']}
            fehler={fehler}
            pflicht
            zeilen={12}
            hinweis="Genau so geht die E-Mail hinaus."
          />
        </>
      )}
      {erlaubnis.antwort === 'GESPERRT' && <p class="hinweis">Mitteilungen zum bestehenden Vertrag sind weiter möglich, wenn sie nicht werben.</p>}
    </form>
  )
}

export const Emailfuss = ({ erlaubnis }: { erlaubnis: Erlaubnis }) =>
  erlaubnis.antwort === 'GESPERRT' ? (
    <></>
  ) : (
    <Formularfuss>
      <button class="haupt" form={FORM}>
        E-Mail senden
      </button>
    </Formularfuss>
  )

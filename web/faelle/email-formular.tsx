import type { Fallakte } from '../../db/fallakte.ts'
import type { Erlaubnis } from '../../domain/einwilligung.ts'
import { pfade } from '../pfade.ts'
import { Feld } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, Grundfeld, htmxForm } from './formularteile.tsx'
import { type Schreiben, anEltern, emailErlaubnis } from './schreiben.ts'

export const EMAILFELDER = { an: 'Adresse', betreff: 'Betreff', inhalt: 'Text', grund: 'Grund' } as const
const VORLAGEN = { hinweis: 'Hinweis zum Vertrag', angebot: 'Angebot (Werbung)', frei: 'freier Text' } as const
const FORM = 'email'

export const Emailformular = ({ akte, stand, schreiben }: { akte: Fallakte; stand: Formularstand; schreiben: Schreiben }) => {
  const { vorlage, andere, eltern } = schreiben
  const { eingabe = {}, fehler = {} } = stand
  const pfad = pfade.fallEmail(akte.id)
  const erlaubnis = emailErlaubnis(akte, vorlage)
  return (
    <form id={FORM} class="doku" method="post" action={pfad} {...htmxForm(pfad)}>
      <Formularkopf titel="E-Mail" id={FORM} akte={akte} stand={stand} felder={EMAILFELDER} />
      <input type="hidden" name="vorlage" value={vorlage} />
      {andere.length > 1 && (
        <nav class="wahl" aria-label="Vorlage">
          {andere.map((art) => (
            <a
              class="chip"
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
      {eltern && <p class={eltern[0]?.email ? 'hinweis' : 'warnung'}>{anEltern(akte, eltern)}</p>}
      {erlaubnis.antwort !== 'ERLAUBT' && <p class="warnung">{erlaubnis.warum}</p>}
      {erlaubnis.antwort !== 'GESPERRT' && (
        <>
          {erlaubnis.antwort === 'NUR_MIT_GRUND' && (
            <Grundfeld form={FORM} stand={stand} hinweis="zum Beispiel „hat am Telefon um Unterlagen gebeten“" pflicht />
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

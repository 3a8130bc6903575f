import type { Angabenblatt } from '../../db/angaben.ts'
import type { Fallakte } from '../../db/fallakte.ts'
import { ANGABEN, type Angabe, angabeName } from '../../domain/angaben.ts'
import { ERWERBSSTATUS } from '../../domain/kunde.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { VERTRAGSSTATUS } from '../../domain/vertrag.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, Feld, Wahl } from '../teile.tsx'
import { type Formularstand, Formularfuss, Formularkopf, htmxForm } from './formularteile.tsx'

const FORM = 'angaben'
const JA_NEIN = [
  ['JA', 'ja'],
  ['NEIN', 'nein'],
  ['', 'unbekannt'],
] as const

interface Ansicht {
  akte: Fallakte
  blatt: Angabenblatt
  angaben: readonly Angabe[]
  stand: Formularstand
}

/** One input for each field that was unknown and is so still, by contract. */
export const Angabenformular = ({ akte, blatt, angaben, stand }: Ansicht) => {
  const pfad = pfade.fallAngaben(akte.id)
  const vertraege = [...new Set(angaben.flatMap(({ vertrag }) => vertrag ?? []))]
  const felder = Object.fromEntries(angaben.map((angabe) => [angabeName(angabe), ANGABEN[angabe.feld]]))
  return (
    <form id={FORM} class="doku" method="post" action={pfad} {...htmxForm(pfad)}>
      <Formularkopf titel="Angaben eintragen" id={FORM} akte={akte} stand={stand} felder={felder} />
      {angaben.length === 0 ? (
        <p class="hinweis">Hier ist nichts mehr einzutragen. In der nächsten Nacht wird neu entschieden.</p>
      ) : (
        <p class="hinweis">Was Sie nicht wissen, lassen Sie frei. In der nächsten Nacht wird mit Ihren Angaben neu entschieden.</p>
      )}
      {akte.unbekannt.includes('kontaktdaten') && (
        <p>
          <a href={pfade.kundeBearbeiten(akte.kunde_id)}>Kontaktdaten in den Kundendaten berichtigen</a>
        </p>
      )}
      {angaben
        .filter(({ vertrag }) => vertrag === null)
        .map((angabe) => (
          <Eingabefeld {...{ angabe, blatt, stand }} />
        ))}
      {vertraege.map((vertrag) => (
        <fieldset>
          <legend>
            {[SPARTEN[vertrag.sparte].titel, vertrag.versicherer, vertrag.kunde_id === akte.kunde_id ? '' : `von ${vertrag.inhaber}`]
              .filter(Boolean)
              .join(', ')}
          </legend>
          {angaben
            .filter((angabe) => angabe.vertrag === vertrag)
            .map((angabe) => (
              <Eingabefeld {...{ angabe, blatt, stand }} />
            ))}
        </fieldset>
      ))}
    </form>
  )
}

export const Angabenfuss = ({ angaben }: Pick<Ansicht, 'angaben'>) =>
  angaben.length === 0 ? (
    <></>
  ) : (
    <Formularfuss>
      <button class="haupt" form={FORM}>
        Angaben speichern
      </button>
    </Formularfuss>
  )

const Eingabefeld = ({ angabe, blatt, stand: { eingabe = {}, fehler = {} } }: { angabe: Angabe } & Pick<Ansicht, 'blatt' | 'stand'>) => {
  const name = angabeName(angabe)
  const feld = { form: FORM, name, label: ANGABEN[angabe.feld], wert: eingabe[name], fehler }
  switch (angabe.feld) {
    case 'erwerbsstatus':
      return (
        <>
          <Auswahl {...feld} leer="unbekannt" werte={Object.entries(ERWERBSSTATUS)} />
          <Feld form={FORM} name="beruf" label={ANGABEN.beruf} wert={eingabe['beruf']} fehler={fehler} />
        </>
      )
    case 'sparte':
      return <Auswahl {...feld} leer="unbekannt" werte={Object.entries(SPARTEN).map(([code, { titel }]) => [code, titel] as const)} />
    case 'status':
      return <Auswahl {...feld} leer="unbekannt" werte={Object.entries(VERTRAGSSTATUS).filter(([code]) => code !== 'UNBEKANNT')} />
    case 'versicherte_person':
      return <Auswahl {...feld} leer="unbekannt" werte={blatt.personen.map((p) => [String(p.id), p.name] as const)} />
    case 'besteht':
    case 'verlaengert_sich':
    case 'familie':
    case 'elementar':
      return <Wahl {...feld} wert={feld.wert ?? ''} werte={JA_NEIN} />
    default:
      return <Feld {...feld} hinweis="zum Beispiel 01.03.2024" />
  }
}

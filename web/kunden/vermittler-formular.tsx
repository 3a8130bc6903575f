import { mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, Fehlerliste, type Fehler, Verborgen } from '../teile.tsx'

interface Ansicht {
  kunde: { id: number; name: string; vermittler: string; vermittler_id: number }
  offen: number
  aktion: string
  alle: readonly { id: number; name: string; vorname: string }[]
  fehler: Fehler
}

/** The Supervisor hands a customer over. */
export const Vermittlerformular = ({ kunde, offen, aktion, alle, fehler }: Ansicht) => (
  <>
    <header>
      <h1>Vermittler ändern</h1>
      <p>{kunde.name}</p>
    </header>
    <form class="formular schmal" method="post" action={pfade.kundeVermittler(kunde.id)} novalidate>
      <Fehlerliste fehler={fehler} />
      <Verborgen felder={{ aktion }} />
      <fieldset>
        <legend>Betreuung</legend>
        <p>
          Bisher betreut von {kunde.vermittler}.{' '}
          {offen === 0
            ? 'Offene Fälle gibt es nicht; Wiedervorlagen gehen mit.'
            : `${mehrzahl(offen, 'offener Fall geht', 'offene Fälle gehen')} mit, ebenso alle Wiedervorlagen.`}
        </p>
        <Auswahl
          name="vermittler"
          label="Künftig betreut von"
          leer="bitte wählen"
          werte={alle.filter((v) => v.id !== kunde.vermittler_id).map((v) => [String(v.id), `${v.name}, ${v.vorname}`] as const)}
          fehler={fehler}
          pflicht
        />
      </fieldset>
      <div class="taten speichern">
        <button class="haupt">Übergeben</button>
        <a class="knopf leise" href={pfade.kunde(kunde.id)}>
          Abbrechen
        </a>
      </div>
    </form>
  </>
)

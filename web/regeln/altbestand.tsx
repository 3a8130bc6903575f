import type { Altbestand } from '../../db/altbestand.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { datum, mehrzahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Fehlerliste, Feld, Verborgen } from '../teile.tsx'
import type { Getippt } from './regel.tsx'

interface Ansicht {
  gevo: Gevo
  liste: readonly Altbestand[]
  getippt: Getippt
  fehler: Fehler
  heute: string
}

/** What was marked in bulk, by whom, why and until when; and marking what the rule finds today. */
export const AltbestandTeil = ({ gevo, liste, getippt, fehler, heute }: Ansicht) => (
  <section class="blatt" aria-labelledby="altbestand">
    <h2 id="altbestand">Altbestand geprüft</h2>
    <p class="hinweis">
      Was vor dem Start mit diesem System war, kennt die Regel nicht. Haben Sie den Bestand auf anderem Weg durchgesehen, halten Sie hier alle Befunde
      von heute auf einmal zurück. Im Nachtlauf zählen sie als gesperrt. Offene Fälle bleiben offen.
    </p>
    <ul class="kurzliste">
      {liste.map((a) => (
        <li>
          <span class={a.zurueckgenommenAm ? 'still' : undefined}>
            {mehrzahl(a.anzahl, 'Befund', 'Befunde')} bis {datum(a.bis)}: {a.grund}
          </span>
          <small>
            {[a.von, zeitpunkt(a.am, heute)].filter(Boolean).join(', ')}
            {a.zurueckgenommenAm && ` · zurückgenommen ${[a.zurueckgenommenVon, zeitpunkt(a.zurueckgenommenAm, heute)].filter(Boolean).join(', ')}`}
          </small>
          {!a.zurueckgenommenAm && (
            <form method="post" action={pfade.regelAltbestandRuecknahme(gevo.key, a.id)}>
              <button class="leise" aria-label={`Zurücknehmen: ${mehrzahl(a.anzahl, 'Befund', 'Befunde')} bis ${datum(a.bis)}`}>
                Zurücknehmen
              </button>
            </form>
          )}
        </li>
      ))}
    </ul>
    <form method="post" action={`${pfade.regelAltbestand(gevo.key)}#altbestand`} class="felder-form" novalidate>
      <Fehlerliste fehler={fehler} form="altbestand" />
      <Verborgen felder={{ aktion: crypto.randomUUID() }} />
      <Feld
        name="grund"
        label="Grund"
        wert={getippt['grund']}
        fehler={fehler}
        form="altbestand"
        pflicht
        maxlength={200}
        hinweis="zum Beispiel: Jahresgespräche 2026 liegen als Papier vor"
      />
      <Feld name="bis" label="Zurückhalten bis" wert={getippt['bis']} fehler={fehler} form="altbestand" pflicht maxlength={10} inputmode="numeric" />
      <div class="taten">
        <button>Befunde von heute als geprüft markieren</button>
      </div>
    </form>
  </section>
)

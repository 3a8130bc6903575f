import type { Gesperrt } from '../../db/sperrfristen.ts'
import { findGevo } from '../../gevos/katalog.ts'
import { nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { sperreText } from '../regeln/worte.ts'
import { type Fehler, Fehlerliste, Feld, Verborgen } from '../teile.tsx'

interface Ansicht {
  sperre: Gesperrt
  grund: string
  aktion: string
  fehler: Fehler
}

/** A Supervisor ends a Sperrfrist, with the reason. */
export const Sperraufhebung = ({ sperre, grund, aktion, fehler }: Ansicht) => (
  <>
    <header>
      <h1>Sperrfrist aufheben</h1>
      <p>
        <a href={pfade.kunde(sperre.kunde_id)}>{nameListe(sperre)}</a> · {findGevo(sperre.gevo)?.titel ?? sperre.gevo}
      </p>
    </header>
    <form method="post" action={pfade.fallSperre(sperre.fall)} class="schmal" novalidate>
      <Fehlerliste fehler={fehler} />
      <p class="grund">Jetzt: {sperreText(sperre)}.</p>
      {sperre.sperre_ergebnis === 'ABGELEHNT_NACH_BERATUNG' && (
        <p class="hinweis">
          Wer nach einer Beratung abgelehnt hat, muss gegen seinen Willen nicht noch einmal beraten werden (BGH, I ZR 147/14). Bitte nennen Sie, was
          jetzt anders ist.
        </p>
      )}
      <Verborgen felder={{ aktion }} />
      <Feld
        name="grund"
        label="Grund"
        wert={grund}
        fehler={fehler}
        pflicht
        zeilen={2}
        maxlength={500}
        hinweis="Steht mit Ihrem Namen im Verlauf und kann nicht mehr geändert werden."
      />
      <div class="taten">
        <button class="haupt">Sperrfrist aufheben</button>
        <a class="knopf" href={pfade.kunde(sperre.kunde_id)}>
          Abbrechen
        </a>
      </div>
      <p class="hinweis">Der nächste Nachtlauf eröffnet den Fall wieder, wenn der Befund dann noch zutrifft.</p>
    </form>
  </>
)

import { HAUSHALTE_JE_SEITE, type Offenes, type Zweifel } from '../../db/importe-zweifel.ts'
import { datum, mehrzahl, nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer } from '../teile.tsx'
import { Blaettern, Reiter } from './reiter.tsx'

interface Ansicht {
  fragen: readonly Zweifel[]
  gesamt: number
  seite: number
  offenes: Offenes
}

/** Who seems to live together: proposed, never done by itself. Many at once, because a first portfolio brings hundreds. */
export const Haushalte = ({ fragen, gesamt, seite, offenes }: Ansicht) => (
  <>
    <header>
      <h1>Haushalte</h1>
      <p>{mehrzahl(gesamt, 'Vorschlag', 'Vorschläge', 'Kein Vorschlag')}: gleicher Familienname, gleiche Anschrift</p>
    </header>
    <Reiter aktiv="haushalte" offenes={offenes} />
    {fragen.length === 0 ? (
      <Leer titel="Keine Vorschläge">
        <p>Nach jeder Lieferung stehen hier neue Kunden, die zusammen zu wohnen scheinen.</p>
      </Leer>
    ) : (
      <form method="post" action={pfade.haushaltsvorschlaege()} class="haushalte">
        <table>
          <thead>
            <tr>
              <th scope="col">Wer</th>
              <th scope="col">Anschrift</th>
            </tr>
          </thead>
          <tbody>
            {fragen.map((f) => (
              <tr>
                <td class="umbruch">
                  <label class="haken">
                    <input type="checkbox" name="haushalt[]" value={String(f.id)} checked />
                    <span>
                      {f.kandidaten.map((k, stelle) => (
                        <>
                          {stelle > 0 && ' · '}
                          {nameListe(k)}
                          {k.geburtsdatum && <span class="still"> ({datum(k.geburtsdatum)})</span>}
                        </>
                      ))}
                    </span>
                  </label>
                </td>
                <td class="neben" data-titel="Anschrift">
                  {f.kandidaten[0] &&
                    [f.kandidaten[0].strasse, [f.kandidaten[0].plz, f.kandidaten[0].ort].filter(Boolean).join(' ')].filter(Boolean).join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div class="taten">
          <button class="haupt" name="antwort" value="ZUSAMMEN">
            Angehakte sind je ein Haushalt
          </button>
          <button name="antwort" value="GETRENNT">
            Angehakte bleiben getrennt
          </button>
          <span class="hinweis">Was Sie nicht anhaken, bleibt als Vorschlag stehen.</span>
        </div>
      </form>
    )}
    <Blaettern seite={seite} gesamt={gesamt} je={HAUSHALTE_JE_SEITE} pfad={pfade.haushaltsvorschlaege} was="Haushalte" />
  </>
)

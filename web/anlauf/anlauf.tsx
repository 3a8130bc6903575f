import type { Anlauf as Stand, Regelvorschau } from '../../db/regeln.ts'
import { getGevo } from '../../gevos/katalog.ts'
import { datum, mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Fehlerliste, Feld, feldId } from '../teile.tsx'

interface Ansicht {
  stand: Stand
  /** As typed, after an error. */
  tagesquote: string
  fehler: Fehler
  heute: string
}

const GRUPPEN = { FRIST: 'Frist läuft', LUECKE: 'Lücken', PFLEGE: 'Pflege' } as const

/** Before the first night: what each rule would find today, which ones to switch on, how many new Fälle a day. Later: the same settings. */
export const Anlauf = ({ stand, tagesquote, fehler, heute }: Ansicht) => {
  const frei = stand.anlaufAm !== null
  return (
    <>
      <header>
        <h1>{frei ? 'Regeln und Tagesquote' : 'Anlauf'}</h1>
        <p>{frei ? 'Änderungen gelten ab dem nächsten Nachtlauf' : 'Vor der ersten Nacht: Was würde heute gefunden?'}</p>
        <a class="knopf" href={pfade.nachtlaeufe()}>
          Nachtläufe
        </a>
      </header>
      <form class="anlauf" method="post" action={pfade.anlauf()} novalidate>
        <Fehlerliste fehler={fehler} />
        {!frei && (
          <p class="grund">
            Auf einem frisch eingelesenen Bestand treffen manche Regeln fast jeden. Schalten Sie ein, was Sie jetzt bearbeiten wollen; mit der
            Tagesquote kommen die dringendsten zuerst, der Rest wartet und wird im Nachtlauf gezählt.
          </p>
        )}
        <table class="regeln">
          <thead>
            <tr>
              <th scope="col">An</th>
              <th scope="col">Geschäftsvorfall</th>
              <th scope="col" class="r">
                Treffer am {datum(heute)}
              </th>
              <th scope="col" class="r">
                davon schon offen
              </th>
              <th scope="col" class="r">
                Unbekannt
              </th>
            </tr>
          </thead>
          {(Object.keys(GRUPPEN) as (keyof typeof GRUPPEN)[]).map((gruppe) => (
            <Gruppe titel={GRUPPEN[gruppe]} regeln={stand.regeln.filter(({ code }) => getGevo(code).gruppe === gruppe)} />
          ))}
        </table>
        <div class="quote">
          <Feld
            name="tagesquote"
            label="Neue Fälle je Tag und Vermittler"
            wert={tagesquote}
            fehler={fehler}
            inputmode="numeric"
            maxlength={5}
            hinweis="leer für unbegrenzt"
          />
        </div>
        <div class="taten">
          <button class="haupt">{frei ? 'Speichern' : 'Nächte freigeben'}</button>
          <span class="hinweis">{summe(stand.regeln)}</span>
        </div>
      </form>
    </>
  )
}

const Gruppe = ({ titel, regeln }: { titel: string; regeln: readonly Regelvorschau[] }) =>
  regeln.length === 0 ? (
    <></>
  ) : (
    <tbody>
      <tr class="gruppe">
        <th colspan={5} scope="rowgroup">
          {titel}
        </th>
      </tr>
      {regeln.map((regel) => (
        <Zeile regel={regel} />
      ))}
    </tbody>
  )

const Zeile = ({ regel }: { regel: Regelvorschau }) => {
  const { titel, kurz } = getGevo(regel.code)
  const id = feldId(`an-${regel.code}`)
  return (
    <tr>
      <td>
        <input type="checkbox" id={id} name={regelfeld(regel.code)} value="1" checked={regel.an} />
      </td>
      <td>
        <label for={id}>
          <span class="name">{titel}</span>
          <small>{kurz}</small>
        </label>
      </td>
      <td class="r zahl" data-titel="Treffer">
        {zahl(regel.treffer)}
      </td>
      <td class="r neben" data-titel="schon offen">
        {zahl(regel.offen)}
      </td>
      <td class="r neben" data-titel="unbekannt">
        {zahl(regel.unbekannt)}
      </td>
    </tr>
  )
}

export function regelfeld(code: string): string {
  return `an/${code}`
}

function summe(regeln: readonly Regelvorschau[]): string {
  const an = regeln.filter((regel) => regel.an)
  const neu = an.reduce((n, { treffer, offen }) => n + treffer - offen, 0)
  return `${mehrzahl(an.length, 'Regel ist an', 'Regeln sind an', 'Keine Regel ist an')}, sie fänden heute ${mehrzahl(neu, 'neuen Fall', 'neue Fälle', 'keinen neuen Fall')}.`
}

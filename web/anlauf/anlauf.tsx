import { ALTBESTANDSREGELN } from '../../db/altbestand.ts'
import type { Anlauf as Stand } from '../../db/regeln.ts'
import type { Vorschauzahl } from '../../db/vorschau.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { datum, mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { ZU_LANG } from '../regeln/regel.tsx'
import { type GewaehlterTag, Tagwahl } from '../regeln/tagwahl.tsx'
import { GRUPPEN } from '../regeln/worte.ts'
import { type Fehler, Fehlerliste, Feld, feldId } from '../teile.tsx'

export interface Anlaufzeile {
  gevo: Gevo
  an: boolean
  /** Undefined where counting took too long. */
  zahl: Vorschauzahl | undefined
}

interface Ansicht {
  stand: Stand
  zeilen: readonly Anlaufzeile[]
  /** New Fälle that the daily quota would leave for later days. */
  wartend: number
  /** As typed, after an error. */
  tagesquote: string
  fehler: Fehler
  wahl: GewaehlterTag
  heute: string
}

/** Before the first night: what each rule would open, which ones to switch on, how many new Fälle a day. Later: the same settings. */
export const Anlauf = ({ stand, zeilen, wartend, tagesquote, fehler, wahl, heute }: Ansicht) => {
  const frei = stand.anlaufAm !== null
  return (
    <>
      <header>
        <h1>{frei ? 'Vorschau und Tagesquote' : 'Anlauf'}</h1>
        <p>{frei ? 'Änderungen gelten ab dem nächsten Nachtlauf' : 'Vor der ersten Nacht: Was würde heute gefunden?'}</p>
        <div class="taten">
          <a class="knopf" href={pfade.regeln()}>
            Regeln einstellen
          </a>
          <a class="knopf" href={pfade.hilfeGevos()}>
            Hilfe
          </a>
          <a class="knopf" href={pfade.nachtlaeufe()}>
            Nachtläufe
          </a>
        </div>
      </header>
      <div class="tagzeile">
        <Tagwahl ziel={pfade.anlauf()} {...wahl} />
        <a class="knopf" href={pfade.anlaufCsv(wahl.am === heute ? undefined : wahl.am)} download>
          Als Tabelle (CSV)
        </a>
      </div>
      <form class="anlauf" method="post" action={pfade.anlauf()} novalidate>
        <Fehlerliste fehler={fehler} />
        {!frei && (
          <p class="grund">
            Auf einem frisch eingelesenen Bestand treffen manche Regeln fast jeden. Schalten Sie ein, was Sie jetzt bearbeiten wollen; mit der
            Tagesquote kommen die dringendsten zuerst, der Rest wartet und wird im Nachtlauf gezählt.
          </p>
        )}
        {zeilen.some((zeile) => zeile.zahl === undefined) && <p class="grund">{ZU_LANG}</p>}
        <table class="regeln">
          <caption class="nur-vorlesen">Was die Regeln am {datum(wahl.am)} mit heutigem Bestand fänden</caption>
          <thead>
            <tr>
              <th scope="col">An</th>
              <th scope="col">Geschäftsvorfall</th>
              <th scope="col" class="r">
                Neue Fälle am {datum(wahl.am)}
              </th>
              <th scope="col" class="r">
                Schon offen
              </th>
              <th scope="col" class="r">
                Gesperrt
              </th>
              <th scope="col" class="r">
                Unbekannt
              </th>
              <th scope="col">
                <span class="nur-vorlesen">Einstellungen</span>
              </th>
            </tr>
          </thead>
          {(Object.keys(GRUPPEN) as (keyof typeof GRUPPEN)[]).map((gruppe) => (
            <Gruppe
              titel={GRUPPEN[gruppe]}
              zeilen={zeilen.filter(({ gevo }) => gevo.gruppe === gruppe)}
              am={wahl.am === heute ? undefined : wahl.am}
            />
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
            hinweis="Tagesquote: Je Vermittler eröffnet eine Nacht höchstens so viele neue Fälle, dringendste Regel zuerst. Der Rest wartet auf die nächsten Nächte. Leer für unbegrenzt."
          />
        </div>
        <div class="taten">
          <button class="haupt">{frei ? 'Speichern' : 'Nächte freigeben'}</button>
          <span class="hinweis">{summe(zeilen, wartend)}</span>
        </div>
      </form>
    </>
  )
}

const Gruppe = ({ titel, zeilen, am }: { titel: string; zeilen: readonly Anlaufzeile[]; am: string | undefined }) =>
  zeilen.length === 0 ? (
    <></>
  ) : (
    <tbody>
      <tr class="gruppe">
        <th colspan={7} scope="rowgroup">
          {titel}
        </th>
      </tr>
      {zeilen.map((zeile) => (
        <Zeile {...zeile} am={am} />
      ))}
    </tbody>
  )

const Zeile = ({ gevo: { key, code, titel, kurz }, an, zahl: gezaehlt, am }: Anlaufzeile & { am: string | undefined }) => {
  const id = feldId(`an-${code}`)
  const { NEU, OFFEN, GESPERRT, GEPRUEFT, UNBEKANNT } = gezaehlt?.zahlen ?? {}
  const wert = (n: number | undefined) => (n === undefined ? '–' : zahl(n))
  return (
    <tr>
      <td>
        <input type="checkbox" id={id} name={regelfeld(code)} value="1" checked={an} />
      </td>
      <td>
        <label for={id}>
          <span class="name">{titel}</span>
          <small>{kurz}</small>
        </label>
      </td>
      <td class="r zahl" data-titel="Neue Fälle">
        <a href={pfade.regelVorschau(key, am)} aria-label={`${titel}: ${mehrzahl(NEU ?? 0, 'neuer Fall', 'neue Fälle')}, Kunden zeigen`}>
          {wert(NEU)}
        </a>
      </td>
      <td class="r neben" data-titel="schon offen">
        {wert(OFFEN)}
      </td>
      <td class="r neben" data-titel="gesperrt">
        {wert(GESPERRT === undefined || GEPRUEFT === undefined ? undefined : GESPERRT + GEPRUEFT)}
      </td>
      <td class="r neben" data-titel="unbekannt">
        {wert(UNBEKANNT)}
      </td>
      <td>
        <a class="einstellen" href={pfade.regel(key)}>
          Einstellen<span class="nur-vorlesen">: {titel}</span>
        </a>{' '}
        {ALTBESTANDSREGELN.includes(code) && (
          <a class="einstellen" href={`${pfade.regel(key)}#altbestand`}>
            Altbestand geprüft<span class="nur-vorlesen">: {titel}</span>
          </a>
        )}
      </td>
    </tr>
  )
}

export function regelfeld(code: string): string {
  return `an/${code}`
}

function summe(zeilen: readonly Anlaufzeile[], wartend: number): string {
  const an = zeilen.filter((zeile) => zeile.an)
  const neu = an.reduce((n, zeile) => n + (zeile.zahl?.zahlen.NEU ?? 0), 0)
  const regeln = mehrzahl(an.length, 'Regel ist an', 'Regeln sind an', 'Keine Regel ist an')
  const faelle = `${an.length === 1 ? 'würde' : 'würden'} ${mehrzahl(neu, 'neuen Fall', 'neue Fälle', 'keinen neuen Fall')} öffnen`
  return `${regeln} und ${faelle}${wartend > 0 ? `, davon ${zahl(wartend)} erst an späteren Tagen (Tagesquote)` : ''}.`
}

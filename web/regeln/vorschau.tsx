/** Whom a rule would hit on some day, with today's portfolio. */
import { type Vorschautreffer, type Vorschauzahl, VORSCHAUSEITE } from '../../db/vorschau.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { unbekanntSatz } from '../../gevos/texte.ts'
import { datum, mehrzahl, nameListe, tag, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { type Fehler, Leer, Tag } from '../teile.tsx'
import { Tagwahl } from './tagwahl.tsx'
import { ZU_LANG } from './regel.tsx'
import { FOLGEN, sperreText } from './worte.ts'

export interface Vorschauansicht {
  gevo: Gevo
  /** The day asked about. */
  am: string
  getippt: string
  fehler: Fehler
  /** Undefined where it took too long. */
  zahl: Vorschauzahl | undefined
  treffer: readonly Vorschautreffer[]
  seite: number
  heute: string
}

export const Vorschau = (a: Vorschauansicht) => {
  const ziel = pfade.regelVorschau(a.gevo.key)
  return (
    <>
      <header>
        <h1>Vorschau: {a.gevo.titel}</h1>
        <p>
          {a.am === a.heute ? 'Heute' : `Am ${datum(a.am)}, mit heutigem Bestand`}: {a.zahl ? summe(a.zahl) : 'nicht gezählt'}
        </p>
        <div class="taten">
          <a class="knopf" href={pfade.regel(a.gevo.key)}>
            Einstellungen
          </a>
          <a class="knopf" href={pfade.anlauf()}>
            Alle Regeln
          </a>
        </div>
      </header>
      <div class="tagzeile">
        <Tagwahl ziel={ziel} getippt={a.getippt} fehler={a.fehler} />
        <a class="knopf" href={pfade.regelVorschauCsv(a.gevo.key, a.am === a.heute ? undefined : a.am)} download>
          Als Tabelle (CSV)
        </a>
      </div>
      {!a.zahl ? (
        <p class="grund">{ZU_LANG}</p>
      ) : a.treffer.length === 0 ? (
        <Leer titel="Niemand">
          <p>Mit diesen Einstellungen trifft die Regel an diesem Tag niemanden.</p>
        </Leer>
      ) : (
        <Tabelle {...a} />
      )}
      {a.zahl && <Blaettern {...a} gesamt={countAlle(a.zahl)} />}
    </>
  )
}

const Tabelle = ({ gevo, treffer, am }: Vorschauansicht) => (
  <table class="vorschau">
    <caption class="nur-vorlesen">Betroffene Kunden, neue zuerst</caption>
    <thead>
      <tr>
        <th scope="col">Kunde</th>
        <th scope="col">Anlass</th>
        <th scope="col">Vermittler</th>
        <th scope="col">Folge</th>
      </tr>
    </thead>
    <tbody>
      {treffer.map((t) => (
        <tr>
          <td>
            <a class="name" href={pfade.kunde(t.kunde_id)}>
              {nameListe(t)}
            </a>
            <small>{t.nummer}</small>
          </td>
          <td data-titel="Anlass">
            {t.folge === 'UNBEKANNT' ? unbekanntSatz(t.unbekannt).trim() : gevo.anlass(t.befund)}
            {t.frist && <small>Frist {tag(t.frist, am)}</small>}
          </td>
          <td class="neben" data-titel="Vermittler">
            {t.vermittler}
          </td>
          <td data-titel="Folge">{t.folge === 'GESPERRT' ? sperreText(t) : <Tag art={t.folge === 'NEU' ? 'neu' : ''}>{FOLGEN[t.folge]}</Tag>}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

const Blaettern = ({ gevo, am, seite, gesamt, heute }: Vorschauansicht & { gesamt: number }) => {
  const seiten = Math.ceil(gesamt / VORSCHAUSEITE)
  if (seiten <= 1) return <></>
  const pfad = (nr: number) => {
    const basis = pfade.regelVorschau(gevo.key, am === heute ? undefined : am)
    return `${basis}${basis.includes('?') ? '&' : '?'}seite=${nr}`
  }
  return (
    <nav class="blaettern" aria-label="Seiten">
      {seite > 1 && (
        <a class="knopf" rel="prev" href={pfad(seite - 1)}>
          Vorige Seite
        </a>
      )}
      <span>
        Seite {seite} von {zahl(seiten)}
      </span>
      {seite < seiten && (
        <a class="knopf" rel="next" href={pfad(seite + 1)}>
          Nächste Seite
        </a>
      )}
    </nav>
  )
}

/** All findings, whatever becomes of them. */
export function countAlle({ zahlen }: Vorschauzahl): number {
  return Object.values(zahlen).reduce((x, y) => x + y, 0)
}

function summe({ zahlen }: Vorschauzahl): string {
  return [
    `würde ${mehrzahl(zahlen.NEU, 'neuen Fall', 'neue Fälle', 'keinen neuen Fall')} öffnen`,
    `${zahl(zahlen.OFFEN)} schon offen`,
    `${zahl(zahlen.GESPERRT + zahlen.GEPRUEFT)} gesperrt`,
    `${zahl(zahlen.UNBEKANNT)} unbekannt`,
  ].join(' · ')
}

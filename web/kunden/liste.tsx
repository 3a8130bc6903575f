import { KUNDEN_HOECHSTENS, type KundeInListe, SEITENLAENGE } from '../../db/kunden.ts'
import type { Betreuer } from '../../db/zuordnung.ts'
import { KUNDENSTATUS } from '../../domain/kunde.ts'
import { alterText, nameListe, zahl, zahlBis } from '../format.ts'
import { Vermittleroptionen } from '../geschaeftsvorfaelle/filter.tsx'
import { pfade } from '../pfade.ts'
import { Handy, Leer } from '../teile.tsx'

export interface Listenansicht {
  q: string
  vermittler: number | undefined
  seite: number
  gesamt: number
  kunden: readonly KundeInListe[]
  /** For the Supervisor's filter; empty for a Vermittler. */
  alle: readonly Betreuer[]
  heute: string
}

/** Search and list: the same page with and without JavaScript; the filter stands in the URL. */
export const Kundenliste = (a: Listenansicht) => (
  <>
    <header>
      <h1>Kunden</h1>
      <p id="kundenzahl" role="status">
        {zahlBis(a.gesamt, KUNDEN_HOECHSTENS)} {a.q ? 'gefunden' : a.gesamt === 1 ? 'Kunde' : 'Kunden'}
      </p>
      <a class="knopf haupt" href={pfade.kundeNeu()}>
        Kunde anlegen
      </a>
    </header>
    <form
      class="kundensuche"
      role="search"
      aria-label="Kundenliste"
      method="get"
      action={pfade.kunden()}
      hx-get={pfade.kunden()}
      hx-trigger="submit, input delay:250ms, change"
      hx-target="#kundenliste"
      hx-select="#kundenliste"
      hx-select-oob="#kundenzahl"
      hx-swap="outerMorph"
      hx-replace-url="true"
    >
      <label class="feld">
        <span>Name, Ort, Kundennummer, Versicherungsschein-Nummer oder Telefon</span>
        <input type="search" id="q" name="q" value={a.q} autocomplete="off" />
      </label>
      {a.alle.length > 0 && (
        <label class="feld">
          <span>Vermittler</span>
          <select id="vermittler" name="vermittler">
            <Vermittleroptionen alle={a.alle} vermittler={a.vermittler} />
          </select>
        </label>
      )}
      <button>Suchen</button>
    </form>
    <Ergebnis {...a} />
  </>
)

const Ergebnis = (a: Listenansicht) => (
  <div id="kundenliste">
    {a.kunden.length === 0 ? (
      <KeineKunden {...a} />
    ) : (
      <table class="kunden">
        <caption class="nur-vorlesen">Kunden nach Namen</caption>
        <thead>
          <tr>
            <th scope="col">Kunde</th>
            <th scope="col">Kundennummer</th>
            <th scope="col">Telefon</th>
            {a.alle.length > 0 && <th scope="col">Vermittler</th>}
            <th scope="col" class="r">
              Verträge
            </th>
            <th scope="col" class="r">
              Offene Fälle
            </th>
          </tr>
        </thead>
        <tbody>
          {a.kunden.map((kunde) => (
            <Zeile kunde={kunde} ansicht={a} />
          ))}
        </tbody>
      </table>
    )}
    <Blaettern {...a} />
  </div>
)

const Zeile = ({ kunde, ansicht }: { kunde: KundeInListe; ansicht: Listenansicht }) => (
  <tr id={`kunde-${kunde.id}`}>
    <td>
      <a class="name" href={`${pfade.kunde(kunde.id)}?zurueck=${encodeURIComponent(listenpfad(ansicht, ansicht.seite))}`}>
        {nameListe(kunde)}
      </a>
      <Handy portal={kunde.portal} />
      <small>
        {[
          alterText(kunde.geburtsdatum, ansicht.heute),
          [kunde.plz, kunde.ort].filter(Boolean).join(' '),
          kunde.art === 'FIRMA' ? 'Firma' : '',
          kunde.status === 'AKTIV' ? '' : KUNDENSTATUS[kunde.status],
        ]
          .filter(Boolean)
          .join(' · ') || 'keine weiteren Angaben'}
      </small>
    </td>
    <td class="neben nur-breit">{kunde.nummer}</td>
    <td class="neben">{kunde.telefon ?? kunde.mobil ?? 'unbekannt'}</td>
    {ansicht.alle.length > 0 && <td class="neben">{kunde.vermittler}</td>}
    <td class="r neben" data-titel="Verträge">
      {kunde.vertraege}
    </td>
    <td class="r" data-titel="Offene Fälle">
      {kunde.faelle > 0 && <span class="zahl">{kunde.faelle}</span>}
    </td>
  </tr>
)

const KeineKunden = ({ q, vermittler, alle }: Listenansicht) =>
  q || vermittler !== undefined ? (
    <Leer titel="Kein Kunde gefunden">
      <p>
        Gesucht wird nach dem Anfang jedes Wortes, in beliebiger Reihenfolge: „hans mül“ findet Müller, Hans.{' '}
        <a href={pfade.kunden()}>Alle Kunden zeigen</a>
      </p>
    </Leer>
  ) : (
    <Leer titel="Noch keine Kunden">
      <p>
        <a href={pfade.kundeNeu()}>Legen Sie einen Kunden an</a>, oder{' '}
        {alle.length > 0 ? <a href={pfade.importe()}>importieren Sie den Bestand</a> : 'lassen Sie den Bestand durch Ihren Supervisor importieren'}.
      </p>
    </Leer>
  )

const Blaettern = (a: Listenansicht) => {
  const seiten = Math.ceil(a.gesamt / SEITENLAENGE)
  if (seiten <= 1) return <></>
  return (
    <nav class="blaettern" aria-label="Seiten">
      {a.seite > 1 && (
        <a class="knopf" rel="prev" href={listenpfad(a, a.seite - 1)}>
          Vorige Seite
        </a>
      )}
      <span>
        Seite {zahl(a.seite)} von {zahlBis(seiten, KUNDEN_HOECHSTENS / SEITENLAENGE)}
      </span>
      {a.seite < seiten && (
        <a class="knopf" rel="next" href={listenpfad(a, a.seite + 1)}>
          Nächste Seite
        </a>
      )}
    </nav>
  )
}

export function listenpfad({ q, vermittler }: Pick<Listenansicht, 'q' | 'vermittler'>, seite: number): string {
  const felder = new URLSearchParams()
  if (q) felder.set('q', q)
  if (vermittler !== undefined) felder.set('vermittler', String(vermittler))
  if (seite > 1) felder.set('seite', String(seite))
  return felder.size === 0 ? pfade.kunden() : `${pfade.kunden()}?${felder}`
}

import { UNTERWEGS } from '../../db/importe.ts'
import { type ImportInListe, ZEILEN_JE_SEITE } from '../../db/importe-lesen.ts'
import { datum, mehrzahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Tag } from '../teile.tsx'
import { Fortschrittsbalken } from './fortschritt.tsx'
import { Blaettern } from './reiter.tsx'
import { STATUS } from './worte.ts'

export interface Listenansicht {
  importe: readonly ImportInListe[]
  gesamt: number
  seite: number
  heute: string
}

/** While one is under way the block asks again every two seconds; the finished one no longer does. */
export const Importliste = (a: Listenansicht) => {
  const laeuft = a.importe.some(({ status }) => UNTERWEGS.includes(status))
  const nachfragen = { 'hx-get': pfade.importe(a.seite), 'hx-trigger': 'every 2s', 'hx-target': '#importliste', 'hx-swap': 'outerMorph' }
  return (
    <div id="importliste" {...(laeuft && nachfragen)}>
      {a.importe
        .filter(({ status }) => status === 'QUARANTAENE')
        .map((eine) => (
          <Zurueckgehalten import={eine} />
        ))}
      {a.gesamt === 0 ? (
        <Leer titel="Noch keine Lieferung">
          <p>Laden Sie die erste Datei hoch. Dieselbe Datei ein zweites Mal ändert nichts.</p>
        </Leer>
      ) : (
        <Tabelle {...a} />
      )}
      <Blaettern seite={a.seite} gesamt={a.gesamt} je={ZEILEN_JE_SEITE} pfad={pfade.importe} was="Lieferungen" />
      {laeuft && (
        <noscript>
          <a href={pfade.importe(a.seite)}>Neu laden</a>
        </noscript>
      )}
    </div>
  )
}

const Zurueckgehalten = ({ import: i }: { import: ImportInListe }) => (
  <section class="warnung" aria-label={`Zurückgehalten: ${i.datei}`}>
    <strong>Zurückgehalten: {i.datei}</strong>
    <ul>
      {i.gruende.map(({ text }) => (
        <li>{text}</li>
      ))}
    </ul>
    <p>
      Es wurde nichts übernommen. <a href={pfade.import(i.id)}>Ansehen und entscheiden</a>
    </p>
  </section>
)

const Tabelle = ({ importe, heute }: Listenansicht) => (
  <table class="importe">
    <thead>
      <tr>
        <th scope="col">Lieferung</th>
        <th scope="col">Stand</th>
        <th scope="col" class="r">
          Gelesen
        </th>
        <th scope="col" class="r">
          Neu
        </th>
        <th scope="col" class="r">
          Geändert
        </th>
        <th scope="col" class="r">
          Unverändert
        </th>
        <th scope="col" class="r">
          Fehlerhaft
        </th>
      </tr>
    </thead>
    <tbody>
      {importe.map((i) => (
        <Zeile import={i} heute={heute} />
      ))}
    </tbody>
  </table>
)

const Zeile = ({ import: i, heute }: { import: ImportInListe; heute: string }) => {
  const [wort, marke] = STATUS[i.status]
  const fertig = i.status === 'FERTIG'
  return (
    <tr id={`import-${i.id}`}>
      <td class="umbruch">
        <a class="name" href={pfade.import(i.id)}>
          {i.datei}
        </a>{' '}
        <Tag art={marke}>{i.abbruch_gewuenscht && UNTERWEGS.includes(i.status) ? 'wird abgebrochen' : wort}</Tag>
        {i.zweifel > 0 && fertig && (
          <>
            {' '}
            <Tag art="bald">{mehrzahl(i.zweifel, 'Person', 'Personen')} zu klären</Tag>
          </>
        )}
        <small>{[i.quelle, i.person ?? 'Befehlszeile', zeitpunkt(i.gestartet_am, heute)].filter(Boolean).join(' · ')}</small>
        {UNTERWEGS.includes(i.status) && <Fortschrittsbalken import={i} kurz />}
      </td>
      <td class="neben" data-titel="Stand">
        {i.stand ? datum(i.stand) : ''}
      </td>
      <td class="r neben" data-titel="Gelesen">
        {i.zaehler['saetze'] === undefined ? '' : mehrzahl(i.zaehler['saetze'], 'Satz', 'Sätze')}
      </td>
      {(['Neu', 'Geaendert', 'Unveraendert'] as const).map((folge) => (
        <td class="r neben" data-titel={FOLGEN[folge]}>
          {fertig && (
            <>
              {mehrzahl(i.zaehler[`vertraege${folge}`] ?? 0, 'Vertrag', 'Verträge')}
              <small>{mehrzahl(i.zaehler[`kunden${folge}`] ?? 0, 'Kunde', 'Kunden')}</small>
            </>
          )}
        </td>
      ))}
      <td class="r neben" data-titel="Fehlerhaft">
        {i.zaehler['befunde'] === undefined ? '' : mehrzahl(i.zaehler['fehlerhaft'] ?? i.zaehler['befunde'], 'Zeile', 'Zeilen')}
      </td>
    </tr>
  )
}

const FOLGEN = { Neu: 'Neu', Geaendert: 'Geändert', Unveraendert: 'Unverändert' } as const

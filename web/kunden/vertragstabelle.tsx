import type { Vertrag } from '../../db/vertraege.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { BESTANDSARTEN, VERTRAGSSTATUS, ZAHLUNGSWEISEN } from '../../domain/vertrag.ts'
import { datum, geld } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Tag } from '../teile.tsx'
import { verlaengerung, versicherer } from './worte.ts'

/** Contracts of one customer: running ones first, ended ones muted. */
export const Vertragstabelle = ({ vertraege }: { vertraege: readonly Vertrag[] }) =>
  vertraege.length === 0 ? (
    <Leer titel="Noch kein Vertrag">
      <p>Auch Verträge bei anderen gehören hierher: Ein Fremdvertrag zeigt, welche Lücke keine ist.</p>
    </Leer>
  ) : (
    <table class="vertragsliste">
      <thead>
        <tr>
          <th scope="col">Sparte und Versicherer</th>
          <th scope="col" class="r">
            Beitrag
          </th>
          <th scope="col">Laufzeit</th>
          <th scope="col">Status</th>
        </tr>
      </thead>
      <tbody>
        {vertraege.map((vertrag) => (
          <Zeile vertrag={vertrag} />
        ))}
      </tbody>
    </table>
  )

const Zeile = ({ vertrag }: { vertrag: Vertrag }) => (
  <tr id={`vertrag-${vertrag.id}`} class={beendet(vertrag) ? 'beendet' : undefined}>
    <td>
      <span class="name">{SPARTEN[vertrag.sparte].titel}</span> {vertrag.bestandsart === 'FREMD' && <Tag>Fremdvertrag</Tag>}
      <small>
        {versicherer(vertrag)} · {vertrag.vsnr ?? 'Scheinnummer unbekannt'}
        {vertrag.vsnr_frueher.length > 0 && ` (früher ${vertrag.vsnr_frueher.join(', ')})`}
      </small>
      {(vertrag.produkt || vertrag.versicherte_person) && (
        <small>{[vertrag.produkt, vertrag.versicherte_person && `versichert: ${vertrag.versicherte_person}`].filter(Boolean).join(' · ')}</small>
      )}
    </td>
    <td class="r">
      {beitrag(vertrag)}
      <small>{vertrag.zahlungsweise && vertrag.zahlungsweise !== 'BEITRAGSFREI' && ZAHLUNGSWEISEN[vertrag.zahlungsweise]}</small>
    </td>
    <td class="umbruch laufzeit">
      {laufzeit(vertrag)}
      <small>verlängert sich: {verlaengerung(vertrag)}</small>
    </td>
    <td class="umbruch">
      {VERTRAGSSTATUS[vertrag.status]}
      {vertrag.fehlt_seit && <small>fehlt in der Lieferung vom {datum(vertrag.fehlt_seit)}</small>}
      {vertrag.abgang_am && <small>seit {datum(vertrag.abgang_am)}</small>}
      <small>{BESTANDSARTEN[vertrag.bestandsart]}</small>
      <small>
        <a class="link" href={pfade.vertragBearbeiten(vertrag.kunde_id, vertrag.id)}>
          Bearbeiten<span class="nur-vorlesen">: {SPARTEN[vertrag.sparte].titel}</span>
        </a>
      </small>
    </td>
  </tr>
)

export function beitrag({ beitrag_cent, zahlungsweise }: Vertrag): string {
  if (zahlungsweise === 'BEITRAGSFREI') return 'beitragsfrei'
  return beitrag_cent === null ? 'unbekannt' : geld(beitrag_cent)
}

export function beendet({ status }: Vertrag): boolean {
  return status === 'STORNIERT' || status === 'ABGELAUFEN'
}

/** "01.01.2020 bis 01.01.2027", "ab 01.01.2020, Ablauf unbekannt" */
function laufzeit({ beginn, ablauf }: Vertrag): string {
  if (beginn && ablauf) return `${datum(beginn)} bis ${datum(ablauf)}`
  if (beginn) return `ab ${datum(beginn)}, Ablauf unbekannt`
  return ablauf ? `bis ${datum(ablauf)}, Beginn unbekannt` : 'unbekannt'
}

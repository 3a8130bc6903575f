/** Words for customers and contracts that several pages show. */
import type { Angehoeriger } from '../../db/haushalte.ts'
import type { Vertrag } from '../../db/vertraege.ts'
import { verlaengertSich } from '../../domain/vertrag.ts'

/** "Hansa Sach", "VU 5342", "unbekannt" */
export function versicherer({ versicherer: name, vu_nummer }: Pick<Vertrag, 'versicherer' | 'vu_nummer'>): string {
  return name ?? (vu_nummer ? `VU ${vu_nummer}` : 'unbekannt')
}

/** "ja", "nein", "ja (angenommen)", "unbekannt" */
export function verlaengerung(vertrag: Pick<Vertrag, 'verlaengert_sich' | 'sparte'>): string {
  const { antwort, angenommen } = verlaengertSich(vertrag)
  if (!antwort) return 'unbekannt'
  return `${antwort === 'JA' ? 'ja' : 'nein'}${angenommen ? ' (angenommen)' : ''}`
}

const BEZIEHUNGEN = {
  EHEPARTNER: ['Ehe oder Partnerschaft', 'Ehe oder Partnerschaft'],
  KIND: ['Kind', 'Elternteil'],
  GESETZLICHER_VERTRETER: ['gesetzliche Vertretung', 'gesetzlich vertreten durch diesen Kunden'],
  INHABER: ['Inhaberin oder Inhaber', 'eigene Firma'],
} as const

/** What the other is to the customer whose page this is. */
export function beziehung({ beziehung: art, umgekehrt }: Pick<Angehoeriger, 'beziehung' | 'umgekehrt'>): string {
  return art ? BEZIEHUNGEN[art][umgekehrt ? 1 : 0] : 'im Haushalt'
}

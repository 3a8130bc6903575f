/** How a customer was reached and with what result. Codes are stored, texts are shown. */

export const KANAELE = { TELEFON: 'Telefon', EMAIL: 'E-Mail', BRIEF: 'Brief', PERSOENLICH: 'persönlich', CHAT: 'Chat' } as const
export type Kanal = keyof typeof KANAELE

/** Signal `contacted`: the Fall stays open. */
export const ZWISCHENERGEBNISSE = {
  NICHT_ERREICHT: 'nicht erreicht',
  GESPROCHEN: 'gesprochen, noch offen',
  TERMIN_VEREINBART: 'Termin vereinbart',
  RUECKRUF_ERBETEN: 'Rückruf erbeten',
  ANGEBOT_VERSANDT: 'Angebot versandt',
  NACHRICHT_VERSANDT: 'Nachricht versandt',
} as const
export type Zwischenergebnis = keyof typeof ZWISCHENERGEBNISSE

/** Signal `documented`: the Fall is done and leaves with the night. */
export const ERGEBNISSE = {
  ABGESCHLOSSEN: 'abgeschlossen',
  ABGELEHNT_NACH_BERATUNG: 'abgelehnt nach Beratung',
  HINWEIS_GEGEBEN: 'Hinweis gegeben',
  ANDERWEITIG_GEDECKT: 'anderweitig gedeckt',
  BERATUNGSVERZICHT: 'Beratungsverzicht',
  FEHLBEFUND: 'Befund trifft nicht zu',
  KONTAKTDATEN_FALSCH: 'Kontaktdaten falsch',
  WERBEWIDERSPRUCH: 'Kunde widerspricht Werbung',
  ERLEDIGT: 'erledigt',
} as const
export type Ergebnis = keyof typeof ERGEBNISSE

/** ERLEDIGT belongs to a Vorgang made by hand; all others belong to what the night finds. */
export function ergebnisseFuer(gevo: string): Ergebnis[] {
  const alle = Object.keys(ERGEBNISSE) as Ergebnis[]
  return gevo === VORGANG ? ['ERLEDIGT'] : alle.filter((e) => e !== 'ERLEDIGT')
}

/** Results where advice was given: the fields of § 61 VVG (Rat, Gründe, Entscheidung) are due. */
export const MIT_BERATUNG: readonly Ergebnis[] = ['ABGESCHLOSSEN', 'ABGELEHNT_NACH_BERATUNG']

/** The code of the GeVo "Vorgang by hand": exactly one Vorgang, never counted among the GeVos. */
export const VORGANG = 'VORGANG'

/** Satzart 0400 (Inkasso) → premiums that came back, and 0500 (Schaden) → claims. */
import { normVsnr } from '../domain/nummern.ts'
import { type Kontext, type Satz, code, datum, ganzzahl, jaNein, text } from './gdv-feld.ts'
import { hauptsparte } from './gdv-sparte.ts'
import type { GelieferteMahnung, GelieferterSchaden } from './lieferung.ts'

/**
 * Every premium that is booked is a 0400; unpaid is one with a Retourengrund. The codes (of it and of the Sollstellungsart) stay raw: their
 * lists are not at hand. Undefined for an ordinary booking.
 */
export function readMahnung(k: Kontext, vuNummer: string, satz: Satz): Omit<GelieferteMahnung, 'paket'> | undefined {
  const grund = code(satz, 'Retourengrund')
  if (grund === null || satz.teil.nr !== 1) return undefined
  const vsnrNorm = readVsnr(k, satz)
  if (vsnrNorm === null) return undefined
  const waehrung = text(satz, 'Waehrungsschluessel') ?? 'EUR'
  const betrag = ganzzahl(k, satz, 'GesbeitragBruttoInWE')
  return {
    zeile: satz.zeile,
    vuNummer,
    vsnrNorm,
    sparteGdv: hauptsparte(satz.sparte),
    art: code(satz, 'Sollstellungsart'),
    grund,
    betragCent: betrag === null || waehrung !== 'EUR' ? null : text(satz, 'Vorzeichen4') === '-' ? -betrag : betrag,
    faelligAm: datum(k, satz, 'AbrechnungszeitraumVon') ?? datum(k, satz, 'Buchungsdatum'),
  }
}

/** `zweiter`: its Teildatensatz 2, which says the cause for all Sparten. */
export function readSchaden(k: Kontext, vuNummer: string, satz: Satz, zweiter: Satz | undefined): Omit<GelieferterSchaden, 'paket'> | undefined {
  const vsnrNorm = readVsnr(k, satz)
  if (vsnrNorm === null) return undefined
  const schadennummer = text(satz, 'SchadenNrVu')
  if (schadennummer === null) {
    k.melde(satz, 'SchadenNrVu', 'Die Schadennummer fehlt; der Schaden wurde nicht übernommen.')
    return undefined
  }
  return {
    zeile: satz.zeile,
    vuNummer,
    vsnrNorm,
    sparteGdv: hauptsparte(satz.sparte),
    schadennummer,
    schadenAm: datum(k, satz, 'Schadendatum'),
    gemeldetAm: datum(k, satz, 'Schadenmeldedatum'),
    ursache: code(satz, 'Schadenursache') ?? (zweiter ? code(zweiter, 'SchadenursacheAlleSparten') : null),
    erledigt: jaNein(satz, 'ErledigterSchaden'),
  }
}

function readVsnr(k: Kontext, satz: Satz): string | null {
  const vsnr = normVsnr(satz.roh.slice(13, 30))
  if (vsnr === null) k.melde(satz, null, 'Die Versicherungsschein-Nummer fehlt; der Satz wurde nicht übernommen.')
  return vsnr
}

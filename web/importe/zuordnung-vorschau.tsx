/** The first rows of a table as they would be stored, what would be found fault with, and what the mapping lacks. */
import type { Vorschauzeile } from '../../db/importe-spalten.ts'
import { ERWERBSSTATUS, FAMILIENSTAENDE } from '../../domain/kunde.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { BESTANDSARTEN, VERTRAGSSTATUS, ZAHLUNGSWEISEN } from '../../domain/vertrag.ts'
import { datum, geld, mehrzahl } from '../format.ts'
import { Leer } from '../teile.tsx'
import type { Zuordnungsansicht } from './zuordnung.tsx'

export const Vorschau = ({ ansicht, zuordnung, urteil, vorschau }: Zuordnungsansicht) => {
  const ohne = ansicht.vorschlag.spalten.filter(({ beispiele }, i) => zuordnung.felder[i] === null && beispiele.length > 0)
  return (
    <section id="zuordnung-vorschau" aria-labelledby="vorschau-titel">
      <h2 id="vorschau-titel">So würden die ersten Zeilen gespeichert</h2>
      <p role="status">{zusammenfassung(vorschau, urteil.maengel.length)}</p>
      {[...urteil.maengel, ...urteil.hinweise].length > 0 && (
        <ul class="zuordnung-hinweise">
          {urteil.maengel.map((text) => (
            <li>
              <strong>Fehlt noch:</strong> {text}
            </li>
          ))}
          {urteil.hinweise.map((text) => (
            <li>{text}</li>
          ))}
        </ul>
      )}
      {ohne.length > 0 && (
        <p class="hinweis">Nicht übernommen werden: {ohne.map(({ ueberschrift }) => ueberschrift || 'ohne Überschrift').join(', ')}.</p>
      )}
      {vorschau.length === 0 ? (
        <Leer titel="Keine Zeilen">
          <p>Unter den Überschriften steht nichts.</p>
        </Leer>
      ) : (
        <Zeilen vorschau={vorschau} />
      )}
    </section>
  )
}

const Zeilen = ({ vorschau }: Pick<Zuordnungsansicht, 'vorschau'>) => (
  <table class="zuordnung-zeilen">
    <thead>
      <tr>
        <th scope="col">Kunde</th>
        <th scope="col">Vertrag</th>
        <th scope="col">Was auffällt</th>
      </tr>
    </thead>
    <tbody>
      {vorschau.map((zeile) => (
        <tr>
          <td class="umbruch">
            <Kunde person={zeile.person} />
            <small>Zeile {zeile.nr}</small>
          </td>
          <td class="umbruch" data-titel="Vertrag">
            <Vertrag vertrag={zeile.vertrag} versicherer={zeile.versicherer} />
          </td>
          <td class="umbruch" data-titel="Was auffällt">
            {zeile.befunde.length === 0
              ? 'nichts'
              : zeile.befunde.map(({ feld, text }) => (
                  <p>
                    {feld && <strong>{feld}: </strong>}
                    {text}
                  </p>
                ))}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const Kunde = ({ person: p }: Pick<Vorschauzeile, 'person'>) =>
  p === null ? (
    <>kein Kunde</>
  ) : (
    <>
      <span class="name">{[p.titel, p.vorname, p.name].filter(Boolean).join(' ')}</span>
      <Klein teile={[p.geburtsdatum && `geboren ${datum(p.geburtsdatum)}`, p.strasse, [p.plz, p.ort].filter(Boolean).join(' '), p.land]} />
      <Klein teile={[p.telefon, p.mobil, p.email]} />
      <Klein
        teile={[
          p.art === 'FIRMA' && 'Firma',
          p.familienstand && FAMILIENSTAENDE[p.familienstand],
          p.erwerbsstatus && ERWERBSSTATUS[p.erwerbsstatus],
          p.beruf,
          p.kundeSeit && `Kunde seit ${datum(p.kundeSeit)}`,
          p.nummerVermittler && `Nummer ${p.nummerVermittler}`,
        ]}
      />
      <Klein
        teile={[
          ...p.einwilligungen.map(({ kanal, erteiltAm }) => `Einwilligung ${KANAELE[kanal]} vom ${datum(erteiltAm)}`),
          p.maklervollmachtAm && `Maklervollmacht vom ${datum(p.maklervollmachtAm)}`,
        ]}
      />
    </>
  )

const KANAELE = { TELEFON: 'Telefon', EMAIL: 'E-Mail', CHAT: 'Chat', SMS: 'SMS' } as const

const Vertrag = ({ vertrag: v, versicherer }: Pick<Vorschauzeile, 'vertrag' | 'versicherer'>) =>
  v === null ? (
    <>kein Vertrag</>
  ) : (
    <>
      <span class="name">{SPARTEN[v.sparte].titel}</span>
      <Klein teile={[versicherer, v.vsnr, v.produkt]} />
      <Klein teile={[geld(v.beitragCent), v.zahlungsweise && ZAHLUNGSWEISEN[v.zahlungsweise], laufzeit(v.beginn, v.ablauf)]} />
      <Klein
        teile={[
          VERTRAGSSTATUS[v.status] + (v.status === 'UNBEKANNT' ? 'er Status' : ''),
          BESTANDSARTEN[v.bestandsart] === 'Fremd' ? 'Fremdvertrag' : 'eigener Vertrag',
          v.hauptfaelligkeit && `Hauptfälligkeit ${datum(v.hauptfaelligkeit)}`,
          v.abgangAm && `beendet ${datum(v.abgangAm)}`,
        ]}
      />
    </>
  )

const Klein = ({ teile }: { teile: readonly (string | false | null)[] }) => {
  const da = teile.filter(Boolean)
  return da.length === 0 ? <></> : <small>{da.join(' · ')}</small>
}

function laufzeit(beginn: string | null, ablauf: string | null): string | null {
  if (beginn && ablauf) return `${datum(beginn)} bis ${datum(ablauf)}`
  return beginn ? `ab ${datum(beginn)}` : ablauf && `bis ${datum(ablauf)}`
}

function zusammenfassung(vorschau: readonly Vorschauzeile[], maengel: number): string {
  const kunden = vorschau.filter(({ person }) => person !== null).length
  const vertraege = vorschau.filter(({ vertrag }) => vertrag !== null).length
  const auffaellig = vorschau.reduce((summe, { befunde }) => summe + befunde.length, 0)
  return [
    `Von ${mehrzahl(vorschau.length, 'Zeile', 'Zeilen')}: ${mehrzahl(kunden, 'Zeile mit Kunde', 'Zeilen mit Kunde')}, ${mehrzahl(vertraege, 'Vertrag', 'Verträge')}, ${mehrzahl(auffaellig, 'Auffälligkeit', 'Auffälligkeiten')}.`,
    maengel > 0 && `${mehrzahl(maengel, 'Angabe fehlt', 'Angaben fehlen')} noch.`,
  ]
    .filter(Boolean)
    .join(' ')
}

import type { Importbericht } from '../../db/importe-lesen.ts'
import type { Beurteilung, ImportPaket } from '../../db/schema.ts'
import { datum, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Tag } from '../teile.tsx'
import { Rueckfrage } from './reiter.tsx'
import { UMFANG } from './worte.ts'

/** What the delivery says of itself: whole portfolio or changes and on what grounds, its packages, code page, control totals. */
export const Umfang = ({ import: i }: { import: Importbericht }) => (
  <section aria-labelledby="umfang">
    <h2 id="umfang">Was die Lieferung angibt</h2>
    <ul class="umfang">
      {i.beurteilung.map((eine) => (
        <li>
          <strong>{eine.name}</strong>: {UMFANG[eine.liefert]} <span class="still">({grund(eine)})</span>
        </li>
      ))}
    </ul>
    {i.status === 'FERTIG' && i.liefert === 'BESTAND' && (i.zeilen['VERTRAG FEHLT'] ?? 0) > 0 && (
      <div class="taten">
        <Rueckfrage
          id="umfang-aenderung"
          knopf="Das waren nur Änderungen"
          titel="Enthielt diese Lieferung nur Änderungen?"
          ziel={pfade.importUmfang(i.id)}
          tat="Ja, es fehlt nichts"
          felder={<input type="hidden" name="liefert" value="AENDERUNG" />}
        >
          <p>Die Verträge, die in ihr fehlen, gelten dann nicht mehr als fehlend. Alles andere bleibt.</p>
        </Rueckfrage>
      </div>
    )}
    {i.beurteilung.length > 0 && (
      <p class="hinweis">
        Was eine Quelle immer liefert, legen Sie unter <a href={pfade.importquellen()}>Quellen</a> fest.
      </p>
    )}
    <div class="rollbar">
      <table class="pakete">
        <thead>
          <tr>
            <th scope="col">Absender</th>
            <th scope="col">Versicherer</th>
            <th scope="col">Stand</th>
            <th scope="col" class="r">
              Sätze
            </th>
            <th scope="col">Zeichensatz</th>
            <th scope="col">Kontrollsummen</th>
          </tr>
        </thead>
        <tbody>
          {i.pakete.map((paket) => (
            <tr>
              <td>
                {paket.absender || `Paket ${paket.nr}`} {paket.abgelehnt && <Tag art="spaet">abgelehnt</Tag>}
                {paket.abgelehnt && <small>{paket.abgelehnt}</small>}
              </td>
              <td class="neben" data-titel="Versicherer">
                {paket.vuNummer ? `VU ${paket.vuNummer}` : 'je Zeile'}
              </td>
              <td class="neben" data-titel="Stand">
                {paket.stand ? datum(paket.stand) : 'nicht genannt'}
              </td>
              <td class="r neben" data-titel="Sätze">
                {zahl(paket.saetze)}
              </td>
              <td class="neben" data-titel="Zeichensatz">
                {paket.zeichensatz}
              </td>
              <td class="neben" data-titel="Kontrollsummen">
                <Summen paket={paket} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {(i.zaehler['pakete'] ?? 0) + (i.zaehler['paketeAbgelehnt'] ?? 0) > i.pakete.length && (
      <p class="hinweis">
        Gezeigt werden die ersten {zahl(i.pakete.length)} von {zahl((i.zaehler['pakete'] ?? 0) + (i.zaehler['paketeAbgelehnt'] ?? 0))} Paketen.
      </p>
    )}
  </section>
)

const Summen = ({ paket }: { paket: ImportPaket }) => {
  if (paket.summenStimmen === null) return <>keine genannt</>
  return paket.summenStimmen ? <Tag art="fertig">stimmen</Tag> : <Tag art="spaet">stimmen nicht</Tag>
}

function grund({ woher, liefert, bekannt, getroffen }: Beurteilung): string {
  if (woher === 'LIEFERUNG') return 'für diese Lieferung festgelegt'
  if (woher === 'QUELLE') return 'für die Quelle festgelegt'
  if (bekannt === 0) return 'vorgeschlagen: die erste Lieferung dieser Quelle'
  const anteil = `${zahl(getroffen)} von ${zahl(bekannt)} bekannten laufenden Verträgen sind dabei`
  return `vorgeschlagen: ${anteil}, ${liefert === 'BESTAND' ? 'mehr als die Hälfte' : 'höchstens die Hälfte'}`
}

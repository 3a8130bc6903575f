import { type Importbericht, type Importzeile, ZEILEN_JE_SEITE } from '../../db/importe-lesen.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Blaettern } from './reiter.tsx'
import { TEILE, aenderungen } from './worte.ts'

interface Ansicht {
  import: Importbericht
  teil: { name: string; zeilen: readonly Importzeile[]; gesamt: number; seite: number }
}

/** The difference an import made: one kind at a time, page by page, each row with its way to the customer. */
export const Aenderungsteil = ({ import: i, teil }: Ansicht) => {
  const unveraendert = [
    mehrzahl(i.zaehler['kundenUnveraendert'] ?? 0, 'Kunde', 'Kunden', 'kein Kunde'),
    mehrzahl(i.zaehler['vertraegeUnveraendert'] ?? 0, 'Vertrag', 'Verträge', 'kein Vertrag'),
  ].join(', ')
  return (
    <section aria-labelledby="aenderungen">
      <h2 id="aenderungen">Was sich geändert hat</h2>
      <p class="hinweis">Unverändert: {unveraendert}.</p>
      <nav class="filter" aria-label="Was gezeigt wird">
        {TEILE.filter(([art, folge]) => (i.zeilen[`${art} ${folge}`] ?? 0) > 0).map(([art, folge, wort]) => (
          <a
            class="chip"
            href={`${pfade.import(i.id, { teil: teilname(art, folge) })}#aenderungen`}
            aria-current={teil.name === teilname(art, folge) ? 'true' : undefined}
          >
            {wort} <b>{zahl(i.zeilen[`${art} ${folge}`]!)}</b>
          </a>
        ))}
      </nav>
      {teil.name === 'vertrag-fehlt' && (
        <p class="hinweis">
          {i.liefert === 'AENDERUNG'
            ? 'Die Lieferung enthielt nur Änderungen; diese Verträge gelten nicht mehr als fehlend.'
            : 'Nicht mehr in der Lieferung. Daraus folgt nichts von selbst: Kein Vertrag gilt deshalb als storniert.'}
        </p>
      )}
      <table class="differenz">
        <thead>
          <tr>
            <th scope="col">{teil.name.startsWith('kunde') ? 'Kunde' : 'Vertrag'}</th>
            {teil.name.endsWith('geaendert') && <th scope="col">Feld: vorher → nachher</th>}
          </tr>
        </thead>
        <tbody>
          {teil.zeilen.map((zeile) => (
            <tr>
              <td>
                <a class="name" href={zeile.sparte ? `${pfade.kunde(zeile.kunde)}#vertrag-${zeile.objekt}` : pfade.kunde(zeile.kunde)}>
                  {zeile.name}
                </a>
                <small>
                  {zeile.sparte ? [SPARTEN[zeile.sparte].titel, zeile.versicherer, zeile.vsnr].filter(Boolean).join(' · ') : zeile.kundennummer}
                </small>
              </td>
              {teil.name.endsWith('geaendert') && (
                <td class="umbruch">
                  <dl class="vorher-nachher">
                    {aenderungen(teil.name.startsWith('kunde') ? 'KUNDE' : 'VERTRAG', zeile.vorher, zeile.nachher).map((eine) => (
                      <>
                        <dt>{eine.feld}</dt>
                        <dd>
                          <del>{eine.vorher || 'leer'}</del> → <ins>{eine.nachher || 'leer'}</ins>
                        </dd>
                      </>
                    ))}
                  </dl>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <Blaettern
        seite={teil.seite}
        gesamt={teil.gesamt}
        je={ZEILEN_JE_SEITE}
        pfad={(seite) => `${pfade.import(i.id, { teil: teil.name, seite })}#aenderungen`}
        was="Änderungen"
      />
    </section>
  )
}

/** As in the address: "vertrag-geaendert". */
export function teilname(art: string, folge: string): string {
  return `${art}-${folge}`.toLowerCase()
}

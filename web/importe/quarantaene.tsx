import type { Beispiel, Importbericht } from '../../db/importe-lesen.ts'
import type { Importgrund } from '../../db/schema.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { VERTRAGSSTATUS } from '../../domain/vertrag.ts'
import { pfade } from '../pfade.ts'
import { Rueckfrage } from './reiter.tsx'

/** Why a delivery is not believed, in figures and with examples, and what a Supervisor may say to it. */
export const Quarantaene = ({ import: i, beispiele }: { import: Importbericht; beispiele: ReadonlyMap<number, Beispiel> }) => (
  <section class="warnung quarantaene" aria-labelledby="zurueckgehalten">
    <h2 id="zurueckgehalten">Zurückgehalten: Bitte entscheiden Sie</h2>
    <p>Es wurde noch nichts übernommen, und der Nachtlauf sieht nichts davon.</p>
    <ul>
      {i.gruende.map((grund, stelle) => (
        <li>
          {grund.text}
          {!i.gruende.slice(0, stelle).some((frueher) => isSame(frueher, grund)) && <Beispiele grund={grund} beispiele={beispiele} />}
        </li>
      ))}
    </ul>
    <div class="taten">
      <Rueckfrage id="freigabe" knopf="Freigeben" titel="Trotzdem übernehmen?" ziel={pfade.importFreigabe(i.id)} tat="Freigeben und übernehmen">
        <p>Die Lieferung wird übernommen, wie sie ist, und die nächste Nacht rechnet damit. Sinnvoll, wenn der Absender die Zahlen bestätigt hat.</p>
      </Rueckfrage>
      {i.gruende.some(({ art }) => art === 'SCHWUND') && (
        <Rueckfrage
          id="umfang-aenderung"
          knopf="Enthält nur Änderungen"
          titel="Enthält diese Lieferung nur Änderungen?"
          ziel={pfade.importUmfang(i.id)}
          tat="Ja, noch einmal prüfen"
          felder={<input type="hidden" name="liefert" value="AENDERUNG" />}
        >
          <p>Dann fehlt nichts, was nicht dabei ist. Die Lieferung wird mit dieser Angabe neu geprüft.</p>
        </Rueckfrage>
      )}
      <Rueckfrage id="verwerfung" knopf="Verwerfen" titel="Lieferung verwerfen?" ziel={pfade.importVerwerfung(i.id)} tat="Endgültig verwerfen" gefahr>
        <p>Nichts davon wird übernommen. Der Bericht bleibt hier stehen. Eine berichtigte Datei laden Sie neu hoch.</p>
      </Rueckfrage>
    </div>
  </section>
)

const Beispiele = ({ grund, beispiele }: { grund: Importgrund; beispiele: ReadonlyMap<number, Beispiel> }) => {
  const da = (grund.beispiele ?? []).flatMap(({ vertrag, nach }) => {
    const eines = beispiele.get(vertrag)
    return eines ? [{ ...eines, nach }] : []
  })
  if (da.length === 0) return <></>
  return (
    <ul class="beispiele" aria-label="Beispiele">
      {da.map(({ kunde, name, sparte, vsnr, status, nach }) => (
        <li>
          <a href={pfade.kunde(kunde)}>{name}</a>: {[SPARTEN[sparte].titel, vsnr].filter(Boolean).join(' ')}
          {nach ? `, heute ${VERTRAGSSTATUS[status]}, geliefert ${statuswort(nach)}` : ', nicht mehr dabei'}
        </li>
      ))}
    </ul>
  )
}

/** The same contracts are named once: they are the insurer's and a Vermittler's. */
function isSame(a: Importgrund, b: Importgrund): boolean {
  return JSON.stringify(a.beispiele) === JSON.stringify(b.beispiele)
}

function statuswort(code: string): string {
  return code in VERTRAGSSTATUS ? VERTRAGSSTATUS[code as keyof typeof VERTRAGSSTATUS] : code
}

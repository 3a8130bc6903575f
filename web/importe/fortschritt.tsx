import type { Import } from '../../db/importe-lesen.ts'
import { mehrzahl } from '../format.ts'
import { groesse } from './worte.ts'

/** How far a running import is, in a bar and in words. Past the reading nobody can say how long it takes: the bar then moves by itself. */
export const Fortschrittsbalken = ({
  import: i,
  kurz = false,
}: {
  import: Pick<Import, 'id' | 'status' | 'fortschritt' | 'bytes'>
  kurz?: boolean
}) => {
  const { schritt, bytes = 0, personen = 0, vertraege = 0 } = i.fortschritt
  const id = `fortschritt-${i.id}`
  const liest = i.status === 'LIEST' && i.bytes > 0
  const gezaehlt = personen + vertraege > 0 ? `${mehrzahl(personen, 'Person', 'Personen')}, ${mehrzahl(vertraege, 'Vertrag', 'Verträge')}` : ''
  return (
    <div class={kurz ? 'fortschritt kurz' : 'fortschritt'}>
      <label for={id}>
        {[
          i.status === 'WARTET' ? 'Wartet, bis sie an der Reihe ist' : (schritt ?? 'Datei lesen'),
          liest && bytes > 0 && `${groesse(bytes)} von ${groesse(i.bytes)}`,
          gezaehlt,
        ]
          .filter(Boolean)
          .join(' · ')}
      </label>
      {liest ? <progress id={id} value={String(Math.min(bytes, i.bytes))} max={String(i.bytes)} /> : <progress id={id} />}
    </div>
  )
}

import type { Lage } from '../../db/arbeitszahlen.ts'

/** Loads the page at `pfad` again by itself; what is shown when the night is over no longer does. */
export const Nachthinweis = ({ nacht, pfad }: { nacht: NonNullable<Lage['nacht']>; pfad: string }) => (
  <p class="grund" role="status" hx-get={pfad} hx-trigger={nacht === 'LAEUFT' ? 'every 2s' : 'every 5s'} hx-target="#inhalt" hx-swap="innerMorph">
    {nacht === 'LAEUFT' ? 'Der Nachtlauf sieht gerade den Bestand durch.' : 'Der erste Nachtlauf steht noch bevor.'} Was er findet, erscheint hier von
    selbst.
  </p>
)

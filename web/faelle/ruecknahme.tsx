import { pfade } from '../pfade.ts'
import { Taste, Verborgen } from '../teile.tsx'

/** Brings a documented Fall back until the night closes it. */
export const Ruecknahme = ({ fall, leise = false, taste = false }: { fall: { id: number; version: number }; leise?: boolean; taste?: boolean }) => (
  <form method="post" action={pfade.fallRuecknahme(fall.id)} hx-post={pfade.fallRuecknahme(fall.id)} hx-target="#akte" class="ruecknahme">
    <Verborgen felder={{ aktion: crypto.randomUUID(), gesehen: fall.version }} />
    <button class={leise ? 'leise' : undefined}>Rückgängig {taste && <Taste>z</Taste>}</button>
  </form>
)

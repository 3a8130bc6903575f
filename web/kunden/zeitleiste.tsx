import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { datum, uhrzeit } from '../format.ts'
import { ereignisGevo, ereignisNotiz, ereignisText } from './ereignisse.ts'

/** Newest first; each entry has its own anchor. `mitGevo` names the Fall, on the page of a customer with several. */
export const Zeitleiste = ({ eintraege, mitGevo = false }: { eintraege: readonly Zeitleisteneintrag[]; mitGevo?: boolean }) =>
  eintraege.length === 0 ? (
    <p class="hinweis">Noch nichts festgehalten.</p>
  ) : (
    <ol class="zeitleiste">
      {eintraege.map((eintrag) => (
        <Eintrag eintrag={eintrag} mitGevo={mitGevo} />
      ))}
    </ol>
  )

const Eintrag = ({ eintrag, mitGevo }: { eintrag: Zeitleisteneintrag; mitGevo: boolean }) => {
  const notiz = ereignisNotiz(eintrag)
  const neben = [mitGevo ? ereignisGevo(eintrag) : '', eintrag.person ?? ''].filter(Boolean).join(' · ')
  return (
    <li id={eintrag.anker}>
      <a class="zeit" href={`#${eintrag.anker}`}>
        <time datetime={eintrag.am}>
          {datum(berlinTag(eintrag.am))}
          <span> {uhrzeit(eintrag.am)}</span>
        </time>
      </a>
      <div>
        <span>{ereignisText(eintrag)}</span>
        {notiz && <p class="notiz">{notiz}</p>}
        {neben && <small>{neben}</small>}
      </div>
    </li>
  )
}

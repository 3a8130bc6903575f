import type { Regelstand } from '../../db/regeln.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { schwellen, sperrfrist, unterschied } from './worte.ts'

interface Ansicht {
  gevo: Gevo
  stand: Regelstand
  vorher: Regelstand | undefined
  /** The edition in force. */
  neuester: number
  heute: string
  supervisor: boolean
}

/** One edition as it was; a Fall leads here. */
export const Stand = ({ gevo, stand, vorher, neuester, heute, supervisor }: Ansicht) => (
  <>
    <header>
      <h1>Regelstand {stand.version}</h1>
      <p>
        {gevo.titel} · {[stand.von ?? 'Vorgabe', stand.am && zeitpunkt(stand.am, heute)].filter(Boolean).join(', ')}
      </p>
      <div class="taten">
        {supervisor && (
          <a class="knopf" href={pfade.regel(gevo.key)}>
            Zur Regel
          </a>
        )}
        <a class="knopf" href={pfade.gevo(gevo.key)}>
          Zur Liste
        </a>
      </div>
    </header>
    <section class="blatt schmal">
      {stand.version === neuester ? (
        <p class="hinweis">Dieser Regelstand gilt.</p>
      ) : (
        <p class="hinweis">
          Inzwischen gilt <a href={pfade.regelStand(gevo.key, neuester)}>Regelstand {neuester}</a>.
        </p>
      )}
      <dl class="daten">
        <dt>Regel</dt>
        <dd>{stand.an ? 'eingeschaltet' : 'ausgeschaltet'}</dd>
        {schwellen(gevo, stand).map(({ titel, text, eigen }) => (
          <>
            <dt>{titel}</dt>
            <dd>
              {text} {!eigen && <span class="still">Vorgabe</span>}
            </dd>
          </>
        ))}
        <dt>Sperrfrist</dt>
        <dd>{sperrfrist(gevo, stand)}</dd>
        <dt>Priorität</dt>
        <dd>{stand.prio ?? gevo.prio}</dd>
        <dt>Geändert</dt>
        <dd>{unterschied(gevo, stand, vorher).join(', ')}</dd>
      </dl>
    </section>
  </>
)

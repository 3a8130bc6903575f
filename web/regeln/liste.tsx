import type { Regelstand } from '../../db/regeln.ts'
import type { Gevo } from '../../gevos/gevo.ts'
import { zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Tag } from '../teile.tsx'
import { GRUPPEN, schwellen, sperrfrist } from './worte.ts'

export interface Regelzeile {
  gevo: Gevo
  stand: Regelstand
}

/** All rules with what is in force; each leads to its settings. */
export const Regelliste = ({ regeln, heute }: { regeln: readonly Regelzeile[]; heute: string }) => (
  <>
    <header>
      <h1>Regeln</h1>
      <p>Wonach jede Nacht gesucht wird. Änderungen gelten ab dem nächsten Nachtlauf.</p>
      <div class="taten">
        <a class="knopf" href={pfade.anlauf()}>
          Vorschau und Tagesquote
        </a>
        <a class="knopf" href={pfade.hilfeGevos()}>
          Hilfe
        </a>
      </div>
    </header>
    <table class="regelliste">
      <thead>
        <tr>
          <th scope="col">Geschäftsvorfall</th>
          <th scope="col">Schwellen</th>
          <th scope="col">Sperrfrist</th>
          <th scope="col" class="r">
            Priorität
          </th>
          <th scope="col">Regelstand</th>
        </tr>
      </thead>
      {gruppenMit(regeln).map((gruppe) => (
        <tbody>
          <tr class="gruppe">
            <th colspan={5} scope="rowgroup">
              {GRUPPEN[gruppe]}
            </th>
          </tr>
          {regeln
            .filter(({ gevo }) => gevo.gruppe === gruppe)
            .map((zeile) => (
              <Zeile {...zeile} heute={heute} />
            ))}
        </tbody>
      ))}
    </table>
  </>
)

const Zeile = ({ gevo, stand, heute }: Regelzeile & { heute: string }) => (
  <tr>
    <td>
      <a class="name" href={pfade.regel(gevo.key)}>
        {gevo.titel}
      </a>{' '}
      {!stand.an && <Tag>aus</Tag>}
      <small>{gevo.kurz}</small>
    </td>
    <td data-titel="Schwellen">
      {schwellen(gevo, stand).map(({ titel, text, eigen }) => (
        <span class="schwelle">
          {titel}: {eigen ? <strong>{text}</strong> : text}
        </span>
      ))}
    </td>
    <td data-titel="Sperrfrist">{sperrfrist(gevo, stand)}</td>
    <td class="r" data-titel="Priorität">
      {stand.prio ?? gevo.prio}
    </td>
    <td data-titel="Regelstand">
      {stand.version <= 1 ? 'Vorgabe' : stand.version}
      {stand.version > 1 && stand.am && <small>{[stand.von, zeitpunkt(stand.am, heute)].filter(Boolean).join(', ')}</small>}
    </td>
  </tr>
)

function gruppenMit(regeln: readonly Regelzeile[]): (keyof typeof GRUPPEN)[] {
  return (Object.keys(GRUPPEN) as (keyof typeof GRUPPEN)[]).filter((gruppe) => regeln.some(({ gevo }) => gevo.gruppe === gruppe))
}

/** Why a Fall exists, and the contracts and reminders the call needs. */
import type { Fallakte } from '../../db/fallakte.ts'
import { VORGANG } from '../../domain/ergebnisse.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { ZAHLUNGSWEISEN } from '../../domain/vertrag.ts'
import { katalog } from '../../gevos/katalog.ts'
import { feldWort } from '../../gevos/texte.ts'
import { datum, geld, tag, zeitpunkt } from '../format.ts'
import { versicherer } from '../kunden/worte.ts'
import { pfade } from '../pfade.ts'
import { schwellen } from '../regeln/worte.ts'
import { Tag } from '../teile.tsx'

/** Rule, predicate with the values read, what was unknown, what would make it go away, Frist. */
export const Grund = ({ akte, heute }: { akte: Fallakte; heute: string }) => {
  const gevo = katalog.find((g) => g.code === akte.gevo)
  if (!gevo)
    return (
      <section>
        <p class="grund">{akte.gevo === VORGANG ? 'Von Hand angelegt.' : `Diese Regel (${akte.gevo}) steht nicht mehr im Katalog.`}</p>
      </section>
    )
  return (
    <section>
      <p class="gevozeile">
        <a href={pfade.gevo(gevo.key)}>{gevo.titel}</a> <Fristmarke akte={akte} heute={heute} />
      </p>
      <p class="grund">{gevo.erklaere(akte.befund, akte.unbekannt, akte.stichtag, { ...gevo.werte, ...akte.regelwerte })}</p>
      <details>
        <summary>Warum es diesen Fall gibt</summary>
        <p>{gevo.grund}</p>
        <dl class="daten">
          {gevo.recht && (
            <>
              <dt>Recht</dt>
              <dd>{gevo.recht}</dd>
            </>
          )}
          {akte.unbekannt.length > 0 && (
            <>
              <dt>Unbekannt</dt>
              <dd>{akte.unbekannt.map(feldWort).join('; ')}</dd>
            </>
          )}
          <dt>Endet von selbst</dt>
          <dd>
            {gevo.endetWenn}{' '}
            {gevo.ende === 'BEFUND_WEG'
              ? 'Dann schließt ihn die Nacht; ist schon daran gearbeitet worden, wird er nur markiert.'
              : 'Vergeht die Frist, ohne dass dokumentiert wurde, bleibt er überfällig stehen.'}
          </dd>
          <dt>Regelstand</dt>
          <dd>
            <a href={pfade.regelStand(gevo.key, akte.regel_version)}>Regelstand {akte.regel_version}</a> ({gevo.code})
            {schwellen(gevo, { werte: akte.regelwerte ?? {} }).map(({ titel, text }) => (
              <small>
                {titel}: {text}
              </small>
            ))}
          </dd>
          <dt>Gefunden</dt>
          <dd>
            am {datum(akte.stichtag)}
            {akte.bearbeiten_bis && `, bearbeiten bis ${datum(akte.bearbeiten_bis)}`}
            {akte.eskaliert_am && `, an den Supervisor gegeben am ${datum(akte.eskaliert_am)}`}
          </dd>
        </dl>
        <p>
          <a href={`${pfade.hilfeGevos()}#${gevo.key}`}>Mehr zu diesem Geschäftsvorfall</a>
        </p>
      </details>
      {akte.befund_entfallen_am && (
        <p class="hinweis">
          Der Befund ist am {datum(berlinTag(akte.befund_entfallen_am))} entfallen. Weil schon daran gearbeitet wurde, entscheiden Sie über den
          Abschluss.
        </p>
      )}
    </section>
  )
}

const Fristmarke = ({ akte, heute }: { akte: Fallakte; heute: string }) => {
  if (!akte.frist) return <></>
  return akte.frist < heute ? <Tag art="spaet">überfällig seit {tag(akte.frist, heute)}</Tag> : <Tag art="bald">Frist {tag(akte.frist, heute)}</Tag>
}

export const Vertraege = ({ akte }: { akte: Fallakte }) =>
  akte.vertraege.length === 0 ? (
    <p class="hinweis">Kein laufender Vertrag.</p>
  ) : (
    <table class="vertraege">
      <caption class="nur-vorlesen">Laufende Verträge</caption>
      <thead class="nur-vorlesen">
        <tr>
          <th scope="col">Sparte</th>
          <th scope="col">Versicherer</th>
          <th scope="col">Beitrag</th>
        </tr>
      </thead>
      <tbody>
        {akte.vertraege.map((v) => (
          <tr class={v.id === akte.vertrag_id ? 'gemeint' : undefined}>
            <td>
              {SPARTEN[v.sparte].titel}
              {v.bestandsart === 'FREMD' && ' (fremd)'}
              {v.id === akte.vertrag_id && v.ablauf && <small>Ablauf {datum(v.ablauf)}</small>}
            </td>
            <td>{versicherer(v)}</td>
            <td class="r">{[geld(v.beitrag_cent), v.zahlungsweise && ZAHLUNGSWEISEN[v.zahlungsweise]].filter(Boolean).join(' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )

export const Wiedervorlagen = ({ akte, heute }: { akte: Fallakte; heute: string }) =>
  akte.vorgaenge.length === 0 ? (
    <></>
  ) : (
    <ul class="wiedervorlagen">
      {akte.vorgaenge.map((v) => (
        <li>
          <Tag art={v.status === 'FAELLIG' ? 'bald' : ''}>{v.status === 'FAELLIG' ? 'fällig' : zeitpunkt(v.faellig_am, heute)}</Tag>{' '}
          <a href={pfade.vorgangTermin(v.id)}>{v.titel}</a>
          {v.notiz && <small>{v.notiz}</small>}
        </li>
      ))}
    </ul>
  )

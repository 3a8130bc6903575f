import type { Arbeitszeile } from '../../db/arbeitsvorrat.ts'
import { berlinTag, plusTage } from '../../domain/kalender.ts'
import { nameListe, tag, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Handy, Striche, Tag, Verborgen } from '../teile.tsx'
import { anlassZeile, kontaktZeile } from './worte.ts'
import { Ruecknahme } from './ruecknahme.tsx'

export interface Listenkontext {
  heute: string
  /** A Supervisor sees whose Fall it is. */
  mitVermittler: boolean
  /** The list's filter: a page that is opened from it brings it back. */
  vermittler?: number | undefined
}

/** One Fall. The customer's name is the one link; the whole row answers to double click, right click and keys (faelle.js). */
export const Zeile = ({ zeile, kontext, gewaehlt = false }: { zeile: Arbeitszeile; kontext: Listenkontext; gewaehlt?: boolean }) => (
  <tr
    id={`fall-${zeile.id}`}
    data-fall={zeile.id}
    data-kunde={zeile.kunde_id}
    class={[zeile.abschnitt === 'ERLEDIGT' && 'erledigt', gewaehlt && 'gewaehlt'].filter(Boolean).join(' ') || undefined}
  >
    <td>
      {zeile.neu && <span class="punkt" role="img" aria-label="neu seit heute Nacht" title="neu seit heute Nacht" />}
      <Name zeile={zeile} gewaehlt={gewaehlt} vermittler={kontext.vermittler} />
      <Handy portal={zeile.portal} />
      <Marken zeile={zeile} heute={kontext.heute} />
      <small>{anlassZeile(zeile, kontext.heute)}</small>
    </td>
    <td class="kontakt still">{kontaktZeile(zeile, kontext.heute)}</td>
    {kontext.mitVermittler && <td class="kontakt still wer">{zeile.vermittler}</td>}
    <td class="r">
      {zeile.abschnitt === 'ERLEDIGT' ? (
        zeile.status === 'DOKUMENTIERT' && <Ruecknahme fall={zeile} leise />
      ) : (
        <Dreistrich fall={zeile.id} vermittler={kontext.vermittler} />
      )}
    </td>
  </tr>
)

const Name = ({ zeile, gewaehlt, vermittler }: { zeile: Arbeitszeile; gewaehlt: boolean; vermittler: number | undefined }) => (
  <a
    class="name"
    id={`name-${zeile.id}`}
    href={pfade.fall(zeile.id, { vermittler })}
    hx-get={pfade.fall(zeile.id)}
    hx-target="#akte"
    aria-current={gewaehlt ? 'true' : undefined}
  >
    {nameListe(zeile)}
  </a>
)

/** Without JavaScript the button leads to the page with the same seven actions. In the panel beside the list it stands a second time: `imPanel`. */
export const Dreistrich = ({ fall, imPanel = false, vermittler }: { fall: number; imPanel?: boolean; vermittler?: number | undefined }) => (
  <form action={pfade.fallAktionen(fall)}>
    {vermittler !== undefined && <Verborgen felder={{ vermittler }} />}
    <button
      class="striche"
      id={imPanel ? 'akte-aktionen' : `aktionen-${fall}`}
      aria-label="Aktionen"
      aria-describedby={imPanel ? 'akte-titel' : `name-${fall}`}
      aria-haspopup="menu"
      hx-get={pfade.fallAktionen(fall)}
      hx-target="#menue"
    >
      <Striche />
    </button>
  </form>
)

const Marken = ({ zeile, heute }: { zeile: Arbeitszeile; heute: string }) => {
  if (zeile.abschnitt === 'ERLEDIGT') return <></>
  const { frist, erinnerung_am: erinnerung } = zeile
  return (
    <>
      {zeile.faellig && <Tag art="bald">Wiedervorlage fällig</Tag>}
      {zeile.abschnitt === 'WIEDERVORLAGE' && erinnerung && <Tag>{zeitpunkt(erinnerung, heute)}</Tag>}
      {frist && frist < heute && <Tag art="spaet">überfällig seit {tag(frist, heute)}</Tag>}
      {frist && frist >= heute && <Tag art={frist <= plusTage(heute, 7) ? 'bald' : ''}>Frist {tag(frist, heute)}</Tag>}
      {zeile.befund_entfallen_am && <Tag>Befund entfallen am {tag(berlinTag(zeile.befund_entfallen_am), heute)}</Tag>}
    </>
  )
}

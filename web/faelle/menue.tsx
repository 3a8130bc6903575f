import type { Fallakte } from '../../db/fallakte.ts'
import { allowedActions } from '../../domain/fall.ts'
import { nameListe } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Handy, Taste } from '../teile.tsx'

interface Eintrag {
  text: string
  pfad: string
  taste?: string
  /** Opens beside the list instead of leaving it. */
  daneben?: boolean
  /** Why it is not possible now. */
  warum?: string | undefined
  hinweis?: string
}

interface Props {
  akte: Fallakte
  /** The filter of the list it is opened from. */
  vermittler: number | undefined
}

/** The seven actions in the words and order the office knows. */
export function eintraege({ akte, vermittler }: Props): Eintrag[] {
  const { contacted, reminder, documented } = allowedActions(akte)
  const warum = (erlaubt: { erlaubt: true } | { erlaubt: false; warum: string }): string | undefined => (erlaubt.erlaubt ? undefined : erlaubt.warum)
  return [
    { text: 'Kundendaten aufrufen', pfad: pfade.kunde(akte.kunde_id), taste: 'o' },
    { text: 'Vertragsspiegel', pfad: pfade.vertragsspiegel(akte.kunde_id), taste: 's' },
    { text: 'Übernahme Vorgänge', pfad: pfade.fallWiedervorlage(akte.id), taste: 'v', daneben: true, warum: warum(reminder) },
    { text: 'Kundenchat', pfad: pfade.fallChat(akte.id), daneben: true, hinweis: `kommt später · ${portalText(akte)}` },
    { text: 'E-Mail', pfad: pfade.fallEmail(akte.id), taste: 'm', daneben: true, warum: warum(contacted) },
    { text: 'Bearbeiten', pfad: pfade.fallDokumentation(akte.id), taste: 'd', daneben: true, warum: warum(documented) },
    { text: 'Wizard', pfad: pfade.fallWizard(akte.id, { vermittler }), taste: 'w', warum: warum(documented) },
  ]
}

export function portalText({ portal }: Pick<Fallakte, 'portal'>): string {
  if (portal === 'AKTIV') return 'Kundenportal aktiv'
  if (portal === 'EINGELADEN') return 'zum Kundenportal eingeladen'
  return portal === 'GESPERRT' ? 'Kundenportal gesperrt' : 'kein Zugang zum Kundenportal'
}

/** The menu that floats over the list; faelle.js opens it and moves in it with the arrow keys. */
export const Aktionsmenue = ({ akte, vermittler }: Props) => (
  <ul role="menu" aria-label={`Aktionen: ${nameListe(akte)}`} data-fall={akte.id}>
    {eintraege({ akte, vermittler }).map((eintrag, i) => (
      <>
        {(i === 3 || i === 5) && <li role="separator" />}
        <li role="none">
          {eintrag.warum ? (
            <span role="menuitem" aria-disabled="true" tabindex={-1} class="aus">
              {eintrag.text}
              <small>{eintrag.warum}</small>
            </span>
          ) : (
            <a role="menuitem" tabindex={-1} href={eintrag.pfad} {...(eintrag.daneben ? { 'hx-get': eintrag.pfad, 'hx-target': '#akte' } : {})}>
              <span>
                {eintrag.text}
                {eintrag.hinweis && <small>{eintrag.hinweis}</small>}
              </span>
              {eintrag.taste && <Taste>{eintrag.taste}</Taste>}
            </a>
          )}
        </li>
      </>
    ))}
  </ul>
)

/** The same as a page, for browsers without JavaScript; a form stands far down on the Fall's page, so the link leads there. */
export const Aktionsseite = ({ akte, vermittler }: Props) => (
  <>
    <header>
      <h1>
        {nameListe(akte)}
        <Handy portal={akte.portal} />
      </h1>
      <p>Aktionen</p>
    </header>
    <ul class="aktionen">
      {eintraege({ akte, vermittler }).map((eintrag) => (
        <li>
          {eintrag.warum ? (
            <p class="aus">
              {eintrag.text} <small>{eintrag.warum}</small>
            </p>
          ) : (
            <a class="knopf" href={eintrag.daneben ? `${eintrag.pfad}#formularwahl` : eintrag.pfad}>
              {eintrag.text}
              {eintrag.hinweis && <small> {eintrag.hinweis}</small>}
            </a>
          )}
        </li>
      ))}
    </ul>
  </>
)

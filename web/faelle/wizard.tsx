import type { Nachbar } from '../../db/arbeitsvorrat.ts'
import type { Fallakte } from '../../db/fallakte.ts'
import { allowedActions } from '../../domain/fall.ts'
import { katalog } from '../../gevos/katalog.ts'
import { alterText, nameListe, telefonLink, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Handy } from '../teile.tsx'
import { gevoPfad } from './antwort.tsx'
import { Dokumentationsformular, Dokumentationsfuss } from './dokumentation-formular.tsx'
import type { Formularstand } from './formularteile.tsx'
import { Ruecknahme } from './ruecknahme.tsx'
import { ergebnisZeile, gevoTitel } from './worte.ts'

interface Props {
  akte: Fallakte
  stand: Formularstand
  heute: string
  nachbar: Nachbar
  /** The filter of the list it was opened from. */
  vermittler: number | undefined
}

/** One customer, one form, on to the next: the same fields as in the list, in a compact view. */
export const Wizard = ({ akte, stand, heute, nachbar, vermittler }: Props) => {
  const gevo = katalog.find((g) => g.code === akte.gevo)
  const nummer = akte.telefon ?? akte.mobil
  return (
    <>
      <header>
        <h1 tabindex={-1} autofocus={!stand.fehler && !stand.abgelehnt}>
          {nameListe(akte)}
          <Handy portal={akte.portal} />
        </h1>
        <p>
          {gevoTitel(akte.gevo)}
          {nachbar.platz > 0 && ` · Fall ${zahl(nachbar.platz)} von ${zahl(nachbar.gesamt)}`}
        </p>
      </header>
      <section class="blatt wizard">
        <p class="hinweis">{[alterText(akte.geburtsdatum, heute), akte.ort, akte.kundennummer].filter(Boolean).join(' · ')}</p>
        <p class="grund">{gevo?.erklaere(akte.befund, akte.unbekannt, akte.stichtag) ?? 'Von Hand angelegt.'}</p>
        <div class="taten">
          {nummer && (
            <a class="knopf" href={telefonLink(nummer)}>
              {nummer}
            </a>
          )}
          <a class="knopf" href={pfade.fallKontakt(akte.id, 'TELEFON')} aria-keyshortcuts="t">
            Anruf vermerken
          </a>
          <a class="knopf" href={pfade.fallEmail(akte.id)} aria-keyshortcuts="m">
            E-Mail
          </a>
          <a class="knopf" href={pfade.fallWiedervorlage(akte.id)} aria-keyshortcuts="v">
            Übernahme Vorgänge
          </a>
          <a class="knopf" href={pfade.kunde(akte.kunde_id)} aria-keyshortcuts="o">
            Kundendaten
          </a>
        </div>
      </section>
      {allowedActions(akte).documented.erlaubt ? (
        <div class="blatt wizard">
          <Dokumentationsformular {...{ akte, stand, heute, vermittler }} wizard />
          <Dokumentationsfuss wizard />
        </div>
      ) : (
        <section>
          <p>Dieser Fall ist dokumentiert: {ergebnisZeile(akte)}</p>
          {akte.status === 'DOKUMENTIERT' && <Ruecknahme fall={akte} />}
        </section>
      )}
      <p class="taten">
        {nachbar.naechster ? (
          <a class="knopf" href={pfade.fallWizard(nachbar.naechster, { vermittler })} aria-keyshortcuts="n">
            Überspringen
          </a>
        ) : (
          'Das ist der letzte Fall.'
        )}
        <a href={gevoPfad(akte.gevo, { vermittler })}>zur Liste</a>
      </p>
    </>
  )
}

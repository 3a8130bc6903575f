import type { Vorgangszeile } from '../../db/vorgangsliste.ts'
import type { Eingabe, Fehler } from '../../domain/kunde.ts'
import { WIEDERVORLAGEFELDER } from '../../domain/wiedervorlage.ts'
import { Terminfelder } from '../faelle/wiedervorlage-formular.tsx'
import { gevoTitel } from '../faelle/worte.ts'
import { nameListe, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Feld, Fehlerliste, Verborgen } from '../teile.tsx'
import { type Listenfelder, mitListe } from './liste.tsx'
import { sortFehler } from '../../domain/dokumentation.ts'

const FORM = 'vorgang'

interface TerminProps {
  vorgang: Vorgangszeile & { bundesland: string }
  eingabe: Eingabe
  fehler: Fehler
  heute: string
  /** The list this was opened from. */
  felder: Listenfelder
}

export const Terminformular = ({ vorgang, eingabe, fehler, heute, felder }: TerminProps) => (
  <>
    <header>
      <h1>Wiedervorlage verschieben</h1>
      <p>
        {vorgang.titel}, bisher {zeitpunkt(vorgang.faellig_am, heute)}
      </p>
    </header>
    <form class="schmal" method="post" action={mitListe(pfade.vorgangTermin(vorgang.id), felder)}>
      <Verborgen felder={{ aktion: eingabe['aktion'] || crypto.randomUUID(), gesehen: vorgang.version }} />
      <Fehlerliste fehler={Object.fromEntries(sortFehler(fehler, WIEDERVORLAGEFELDER))} form={FORM} />
      <dl>
        <dt>Kunde</dt>
        <dd>{nameListe({ name: vorgang.name, vorname: vorgang.vorname, titel: vorgang.kundentitel })}</dd>
        <dt>Fall</dt>
        <dd>
          <a href={pfade.fall(vorgang.fall_id)}>{gevoTitel(vorgang.gevo)}</a>
        </dd>
      </dl>
      <Terminfelder {...{ eingabe, fehler, heute, land: vorgang.bundesland }} form={FORM} />
      <div class="taten">
        <button class="haupt">Verschieben</button>
        <a href={mitListe(pfade.vorgaenge(), felder)}>Abbrechen</a>
      </div>
    </form>
  </>
)

interface NeuProps {
  kunde: { id: number; name: string; vorname: string | null; titel: string | null; nummer: string }
  land: string
  eingabe: Eingabe
  fehler: Fehler
  heute: string
  /** The list this was opened from. */
  felder: Listenfelder
}

/** A Vorgang made by hand: the customer comes from the URL and is not typed. */
export const Vorgangsformular = ({ kunde, land, eingabe, fehler, heute, felder }: NeuProps) => (
  <>
    <header>
      <h1>Vorgang anlegen</h1>
      <p>{nameListe(kunde)}</p>
    </header>
    <form class="schmal" method="post" action={mitListe(pfade.vorgangNeu(kunde.id), felder)}>
      <Verborgen felder={{ aktion: eingabe['aktion'] || crypto.randomUUID() }} />
      <Fehlerliste fehler={Object.fromEntries(sortFehler(fehler, WIEDERVORLAGEFELDER))} form={FORM} />
      <dl>
        <dt>Kunde</dt>
        <dd>
          <a href={pfade.kunde(kunde.id)}>{nameListe(kunde)}</a>, {kunde.nummer}
        </dd>
      </dl>
      <Feld form={FORM} name="titel" label="Titel" wert={eingabe['titel']} fehler={fehler} pflicht maxlength={120} />
      <Terminfelder {...{ eingabe, fehler, heute, land }} form={FORM} />
      <Feld form={FORM} name="notiz" label="Notiz" wert={eingabe['notiz']} fehler={fehler} zeilen={3} />
      <div class="taten">
        <button class="haupt">Vorgang anlegen</button>
        <a href={mitListe(pfade.vorgaenge(), felder)}>Abbrechen</a>
      </div>
    </form>
  </>
)

interface WahlProps {
  q: string
  felder: Listenfelder
  kunden: readonly { id: number; name: string; vorname: string | null; titel: string | null; nummer: string; ort: string | null }[]
}

/** For whom? Search, then choose. */
export const Kundenwahl = ({ q, kunden, felder }: WahlProps) => (
  <>
    <header>
      <h1>Vorgang anlegen</h1>
      <p>Für welchen Kunden?</p>
    </header>
    <form class="filter" method="get" action={pfade.vorgangNeu()} role="search" aria-label="Kunden für den Vorgang suchen">
      <Verborgen felder={felder} />
      <label class="feld">
        Name, Kundennummer oder Telefon <input type="search" name="q" value={q} autofocus autocomplete="off" />
      </label>
      <button>Suchen</button>
    </form>
    {q && kunden.length === 0 && <p>Kein Kunde gefunden. Es genügt der Anfang eines Namens.</p>}
    {kunden.length > 0 && (
      <ul class="aktionen">
        {kunden.map((kunde) => (
          <li>
            <a class="knopf" href={mitListe(pfade.vorgangNeu(kunde.id), felder)}>
              {nameListe(kunde)}{' '}
              <small>
                {kunde.nummer}
                {kunde.ort && ` · ${kunde.ort}`}
              </small>
            </a>
          </li>
        ))}
      </ul>
    )}
  </>
)

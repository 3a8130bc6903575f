import type { Eingabe, Fehler } from '../../domain/kunde.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { BESTANDSARTEN, VERTRAGSFELDER, VERTRAGSSTATUS, ZAHLUNGSWEISEN } from '../../domain/vertrag.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, Fehlerliste, Feld, Verborgen, Wahl } from '../teile.tsx'
import { Konflikt } from './konflikt.tsx'

export interface Vertragsformularansicht {
  kunde: { id: number; name: string }
  eingabe: Eingabe
  fehler: Fehler
  versicherer: readonly { vu_nummer: string; name: string }[]
  /** The customer and those related: who may be insured. */
  personen: readonly { id: number; name: string }[]
  /** Only a Supervisor gives an insurer its name. */
  darfBenennen: boolean
  /** The form's id (the same contract is not added twice), or the version somebody saw. */
  verborgen: Record<string, string | number>
  /** A contract that is there already: its address, and what its insurer delivers and only he changes. */
  vorhanden?: { ziel: string; titel: string; geliefert: { versicherer: string; vsnr: string } | null } | undefined
  /** Fields somebody else has changed meanwhile, as they are stored now. */
  konflikt?: Readonly<Record<string, string>> | undefined
}

const SPARTENWAHL = Object.entries(SPARTEN).map(([code, { titel }]) => [code, titel] as const)
const VERLAENGERUNG = [
  ['JA', 'ja'],
  ['NEIN', 'nein'],
  ['', 'unbekannt'],
] as const

export const Vertragsformular = (a: Vertragsformularansicht) => {
  const { eingabe: e, fehler } = a
  const geliefert = a.vorhanden?.geliefert
  return (
    <>
      <header>
        <h1>{a.vorhanden?.titel ?? 'Vertrag anlegen'}</h1>
        <p>
          {a.vorhanden ? 'von' : 'für'} {a.kunde.name}
        </p>
      </header>
      <form class="formular" method="post" action={a.vorhanden?.ziel ?? pfade.vertragNeu(a.kunde.id)} novalidate>
        <Fehlerliste fehler={fehler} />
        {a.konflikt && <Konflikt werte={a.konflikt} was="Dieser Vertrag" eingabe={e} felder={VERTRAGSFELDER} worte={getWorte(a)} />}
        <Verborgen felder={a.verborgen} />
        {a.vorhanden && (
          <p class="hinweis">Was Sie hier ändern, überschreibt keine Lieferung. Sagt sie etwas anderes, steht es bei den Abweichungen.</p>
        )}
        <fieldset>
          <legend>Vertrag</legend>
          <Wahl
            name="bestandsart"
            label="Wer betreut den Vertrag?"
            wert={e['bestandsart']}
            werte={[
              ['EIGEN', `${BESTANDSARTEN.EIGEN}: in unserer Betreuung`],
              ['FREMD', `${BESTANDSARTEN.FREMD}: anderswo abgeschlossen`],
            ]}
            fehler={fehler}
            pflicht
          />
          <div class="felder">
            <Auswahl name="sparte" label={VERTRAGSFELDER.sparte} leer="bitte wählen" wert={e['sparte']} werte={SPARTENWAHL} fehler={fehler} pflicht />
            {!geliefert && (
              <Auswahl
                name="vu_nummer"
                label={VERTRAGSFELDER.vu_nummer}
                leer="bitte wählen"
                wert={e['vu_nummer']}
                werte={listVersicherer(a)}
                fehler={fehler}
                pflicht
              />
            )}
          </div>
          {geliefert ? (
            <dl>
              <dt>{VERTRAGSFELDER.vu_nummer}</dt>
              <dd>{geliefert.versicherer}</dd>
              <dt>{VERTRAGSFELDER.vsnr}</dt>
              <dd>
                {geliefert.vsnr} <span class="still">(kommt mit der Lieferung)</span>
              </dd>
            </dl>
          ) : (
            <div class="felder nur-neu">
              <Feld name="vu_neu" label={VERTRAGSFELDER.vu_neu} wert={e['vu_neu']} fehler={fehler} inputmode="numeric" />
              {a.darfBenennen && (
                <Feld name="versicherer_name" label={VERTRAGSFELDER.versicherer_name} wert={e['versicherer_name']} fehler={fehler} />
              )}
            </div>
          )}
          <div class="felder">
            {!geliefert && <Feld name="vsnr" label={VERTRAGSFELDER.vsnr} wert={e['vsnr']} fehler={fehler} />}
            <Feld name="produkt" label={VERTRAGSFELDER.produkt} wert={e['produkt']} fehler={fehler} />
            <Auswahl
              name="status"
              label={VERTRAGSFELDER.status}
              wert={e['status'] ?? 'AKTIV'}
              werte={Object.entries(VERTRAGSSTATUS)}
              fehler={fehler}
            />
          </div>
        </fieldset>
        <fieldset>
          <legend>Beitrag</legend>
          <div class="felder">
            <Feld name="beitrag" label="Beitrag in Euro je Zahlung" wert={e['beitrag']} fehler={fehler} inputmode="decimal" />
            <Auswahl
              name="zahlungsweise"
              label={VERTRAGSFELDER.zahlungsweise}
              leer="unbekannt"
              wert={e['zahlungsweise']}
              werte={Object.entries(ZAHLUNGSWEISEN)}
              fehler={fehler}
            />
          </div>
        </fieldset>
        <fieldset>
          <legend>Laufzeit</legend>
          <div class="felder">
            <Feld name="beginn" label={VERTRAGSFELDER.beginn} wert={e['beginn']} fehler={fehler} />
            <Feld name="ablauf" label={VERTRAGSFELDER.ablauf} wert={e['ablauf']} fehler={fehler} />
            <Feld name="hauptfaelligkeit" label={VERTRAGSFELDER.hauptfaelligkeit} wert={e['hauptfaelligkeit']} fehler={fehler} />
          </div>
          <Wahl name="verlaengert_sich" label="Verlängert sich von selbst" wert={e['verlaengert_sich'] ?? ''} werte={VERLAENGERUNG} fehler={fehler} />
        </fieldset>
        <fieldset>
          <legend>Wer ist versichert?</legend>
          <div class="felder">
            <Auswahl
              name="versicherte_person"
              label={VERTRAGSFELDER.versicherte_person}
              leer="unbekannt"
              wert={e['versicherte_person']}
              werte={listPersonen(a)}
              fehler={fehler}
            />
            <div class="nur-andere">
              <Feld name="versicherte_person_name" label="Name" wert={e['versicherte_person_name']} fehler={fehler} />
            </div>
          </div>
        </fieldset>
        <div class="taten speichern">
          <button class="haupt">{a.konflikt ? 'Meine Angaben speichern' : 'Speichern'}</button>
          <a class="knopf leise" href={pfade.kunde(a.kunde.id)}>
            Abbrechen
          </a>
        </div>
      </form>
    </>
  )
}

type Wahlwerte = readonly (readonly [code: string, text: string])[]

const listVersicherer = ({ versicherer }: Vertragsformularansicht): Wahlwerte => [
  ...versicherer.map((v) => [v.vu_nummer, v.name] as const),
  ['NEU', 'anderer, nach VU-Nummer'],
]
const listPersonen = ({ personen }: Vertragsformularansicht): Wahlwerte => [
  ...personen.map((p) => [String(p.id), p.name] as const),
  ['ANDERE', 'jemand anderes'],
]

const getWorte = (a: Vertragsformularansicht): Record<string, Record<string, string>> => ({
  sparte: Object.fromEntries(SPARTENWAHL),
  bestandsart: BESTANDSARTEN,
  vu_nummer: Object.fromEntries(listVersicherer(a)),
  status: VERTRAGSSTATUS,
  zahlungsweise: ZAHLUNGSWEISEN,
  verlaengert_sich: Object.fromEntries(VERLAENGERUNG),
  versicherte_person: Object.fromEntries(listPersonen(a)),
})

import type { Abweichung } from '../../db/abweichungen.ts'
import type { Angehoeriger } from '../../db/haushalte.ts'
import type { Kundenakte } from '../../db/kundenakte.ts'
import type { Vertrag } from '../../db/vertraege.ts'
import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { ERWERBSSTATUS, FAMILIENSTAENDE, KUNDENSTATUS, istDeutschland } from '../../domain/kunde.ts'
import { alterText, datum, mehrzahl, nameListe, telefonLink } from '../format.ts'
import { Abweichungen } from '../importe/abweichungen.tsx'
import { pfade } from '../pfade.ts'
import { Handy, Tag } from '../teile.tsx'
import { Einwilligungen, Haushalt, OffeneFaelle, Portalzeile, Sperren } from './akte-teile.tsx'
import { Vertragstabelle } from './vertragstabelle.tsx'
import { Zeitleiste } from './zeitleiste.tsx'

export interface Aktenansicht {
  kunde: Kundenakte
  vertraege: readonly Vertrag[]
  abweichungen: readonly Abweichung[]
  angehoerige: readonly Angehoeriger[]
  zeitleiste: readonly Zeitleisteneintrag[]
  aeltere: boolean
  heute: string
  supervisor: boolean
  /** Where the person came from, a path of ours. */
  zurueck: string
}

/** Kundendaten: everything about one customer, with the ways to change it. */
export const Kundendaten = (a: Aktenansicht) => (
  <div class="kundenakte">
    <Kopf {...a} />
    <div class="haupt-spalte">
      {a.abweichungen.length > 0 && (
        <section aria-labelledby="abweichungen">
          <h2 id="abweichungen">Eine Lieferung sagt etwas anderes</h2>
          <Abweichungen alle={a.abweichungen} vertraege={a.vertraege} zurueck={pfade.kunde(a.kunde.id)} />
        </section>
      )}
      <section aria-labelledby="vertraege">
        <header>
          <h2 id="vertraege">Verträge</h2>
          <a href={pfade.vertragNeu(a.kunde.id)}>Vertrag anlegen</a>
        </header>
        <Vertragstabelle vertraege={a.vertraege} />
      </section>
      <section aria-labelledby="verlauf">
        <h2 id="verlauf">Verlauf</h2>
        <Zeitleiste eintraege={a.zeitleiste} mitGevo />
        {a.aeltere && (
          <p>
            <a href={`${pfade.kunde(a.kunde.id)}?verlauf=ganz#verlauf`}>Ganzen Verlauf zeigen</a>
          </p>
        )}
      </section>
    </div>
    <div class="neben-spalte">
      <section aria-labelledby="daten">
        <header>
          <h2 id="daten">Daten</h2>
          <a href={mitZurueck(pfade.kundeBearbeiten(a.kunde.id), a.zurueck)}>Bearbeiten</a>
        </header>
        <Daten {...a} />
      </section>
      <OffeneFaelle kunde={a.kunde} heute={a.heute} />
      <Sperren kunde={a.kunde} supervisor={a.supervisor} />
      <Haushalt angehoerige={a.angehoerige} heute={a.heute} />
      <Einwilligungen kunde={a.kunde} />
    </div>
  </div>
)

const Kopf = ({ kunde, heute, vertraege, supervisor, zurueck }: Aktenansicht) => (
  <header class="aktenkopf">
    <p class="rueckweg">
      <a href={zurueck}>{rueckwort(zurueck)}</a>
    </p>
    <div>
      <h1>
        {nameListe(kunde)} <Handy portal={kunde.portal} />
      </h1>
      <p class="hinweis">
        {[
          kunde.art === 'FIRMA' ? 'Firma' : alterText(kunde.geburtsdatum, heute),
          mehrzahl(vertraege.length, 'Vertrag', 'Verträge', 'kein Vertrag'),
          kunde.ort,
          kunde.nummer,
        ]
          .filter(Boolean)
          .join(' · ')}{' '}
        {kunde.status !== 'AKTIV' && <Tag>{KUNDENSTATUS[kunde.status]}</Tag>} {kunde.verstorben_am && <Tag>verstorben</Tag>}{' '}
        {kunde.eingeschraenkt_am && <Tag art="spaet">Verarbeitung eingeschränkt</Tag>}{' '}
        {kunde.werbewiderspruch_am && <Tag art="bald">keine Werbung</Tag>}
      </p>
    </div>
    <div class="taten">
      <a class="knopf haupt" href={pfade.vorgangNeu(kunde.id)}>
        Vorgang anlegen
      </a>
      <a class="knopf" href={pfade.vertragsspiegel(kunde.id)}>
        Vertragsspiegel
      </a>
      {supervisor && (
        <a class="knopf" href={pfade.kundeVermittler(kunde.id)}>
          Vermittler ändern
        </a>
      )}
    </div>
  </header>
)

const Daten = ({ kunde, heute }: Aktenansicht) => (
  <dl class="daten">
    <Telefon wort="Telefon" nummer={kunde.telefon} />
    <Telefon wort="Mobil" nummer={kunde.mobil} />
    <dt>E-Mail</dt>
    <dd>{kunde.email ? <a href={`mailto:${kunde.email}`}>{kunde.email}</a> : <Unbekannt />}</dd>
    <dt>Anschrift</dt>
    <dd>
      {kunde.strasse || kunde.ort ? (
        <>
          {kunde.strasse}
          {kunde.strasse && <br />}
          {[kunde.plz, kunde.ort].filter(Boolean).join(' ')}
          {istDeutschland(kunde.land) ? '' : `, ${kunde.land}`}
        </>
      ) : (
        <Unbekannt />
      )}
    </dd>
    {kunde.art === 'NATUERLICH' && (
      <>
        <dt>Geburtsdatum</dt>
        <dd>{kunde.geburtsdatum ? `${datum(kunde.geburtsdatum)} (${alterText(kunde.geburtsdatum, heute)})` : <Unbekannt />}</dd>
        <dt>Familienstand</dt>
        <dd>{kunde.familienstand ? FAMILIENSTAENDE[kunde.familienstand] : <Unbekannt />}</dd>
        <dt>Erwerb</dt>
        <dd>{[kunde.erwerbsstatus && ERWERBSSTATUS[kunde.erwerbsstatus], kunde.beruf].filter(Boolean).join(', ') || <Unbekannt />}</dd>
      </>
    )}
    <dt>Vermittler</dt>
    <dd>{kunde.vermittler}</dd>
    <dt>Kunde seit</dt>
    <dd>{kunde.kunde_seit ? datum(kunde.kunde_seit) : <Unbekannt />}</dd>
    <Portalzeile portal={kunde.portal} />
    {kunde.nummern.length > 0 && (
      <>
        <dt>Nummern</dt>
        <dd>
          {kunde.nummern.map(({ vu_nummer, nummer }) => (
            <div>
              {nummer} <small>{vu_nummer ? `bei VU ${vu_nummer}` : 'eigene Nummer'}</small>
            </div>
          ))}
        </dd>
      </>
    )}
  </dl>
)

const Telefon = ({ wort, nummer }: { wort: string; nummer: string | null }) => (
  <>
    <dt>{wort}</dt>
    <dd>{nummer ? <a href={telefonLink(nummer)}>{nummer}</a> : <Unbekannt />}</dd>
  </>
)

const Unbekannt = () => <span class="still">unbekannt</span>

export function mitZurueck(pfad: string, zurueck: string): string {
  return `${pfad}?${new URLSearchParams({ zurueck })}`
}

function rueckwort(zurueck: string): string {
  if (zurueck.startsWith(pfade.kunden())) return 'Zurück zur Kundenliste'
  if (zurueck.startsWith('/vorgaenge')) return 'Zurück zu den Vorgängen'
  return zurueck.startsWith('/geschaeftsvorfaelle') || zurueck.startsWith('/faelle') ? 'Zurück zur Liste' : 'Zurück'
}

import type { Angehoeriger } from '../../db/haushalte.ts'
import type { Kundenakte, OffenerFall } from '../../db/kundenakte.ts'
import type { Sperre } from '../../db/sperrfristen.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { FUER_IMMER } from '../../domain/sperrfrist.ts'
import { findGevo } from '../../gevos/katalog.ts'
import { alterText, datum, mehrzahl, nameListe, tag, tagWort } from '../format.ts'
import { pfade } from '../pfade.ts'
import { sperreText } from '../regeln/worte.ts'
import { Handy, type Portal, Tag } from '../teile.tsx'
import { beziehung } from './worte.ts'

const KANAL = { TELEFON: 'Telefon', EMAIL: 'E-Mail', CHAT: 'Chat', SMS: 'SMS' } as const
const STATUS = { OFFEN: 'offen', IN_ARBEIT: 'in Arbeit', DOKUMENTIERT: 'heute erledigt', GESCHLOSSEN: 'geschlossen' } as const

export const OffeneFaelle = ({ kunde, heute }: { kunde: Kundenakte; heute: string }) => (
  <section aria-labelledby="faelle">
    <h2 id="faelle">Offene Fälle</h2>
    {kunde.faelle.length + kunde.vorgaenge.length === 0 && <p class="hinweis">Kein offener Fall, keine Wiedervorlage.</p>}
    <ul class="kurzliste">
      {kunde.faelle.map((fall) => (
        <li>
          <Fallzeile fall={fall} heute={heute} />
        </li>
      ))}
      {kunde.vorgaenge.map((vorgang) => (
        <li>
          <a href={pfade.vorgaenge()}>Wiedervorlage: {vorgang.titel}</a>
          <small>
            {vorgang.status === 'FAELLIG' ? <Tag art="spaet">fällig</Tag> : null}{' '}
            {tagWort(berlinTag(new Date(vorgang.faellig_am).toISOString()), heute)}
          </small>
        </li>
      ))}
    </ul>
  </section>
)

const Fallzeile = ({ fall, heute }: { fall: OffenerFall; heute: string }) => (
  <>
    <a href={pfade.fall(fall.id)}>{findGevo(fall.gevo)?.titel ?? fall.gevo}</a>
    <small>
      {STATUS[fall.status]}
      {fall.frist && (
        <>
          {' · '}
          {fall.frist < heute ? <Tag art="spaet">Frist {tag(fall.frist, heute)}</Tag> : `Frist ${tag(fall.frist, heute)}`}
        </>
      )}
    </small>
  </>
)

/** What is not asked again for now, until when and why; a Supervisor may end it. */
export const Sperren = ({ kunde, supervisor }: { kunde: Kundenakte; supervisor: boolean }) =>
  kunde.sperren.length === 0 ? (
    <></>
  ) : (
    <section aria-labelledby="sperren">
      <h2 id="sperren">Sperrfristen</h2>
      <Sperrliste sperren={kunde.sperren.filter(kommtWieder)} supervisor={supervisor} />
      {!kunde.sperren.every(kommtWieder) && (
        <details>
          <summary>Kommt nicht wieder</summary>
          <Sperrliste sperren={kunde.sperren.filter((sperre) => !kommtWieder(sperre))} supervisor={supervisor} />
        </details>
      )}
    </section>
  )

const Sperrliste = ({ sperren, supervisor }: { sperren: readonly Sperre[]; supervisor: boolean }) => (
  <ul class="kurzliste">
    {sperren.map((sperre) => (
      <li>
        <a href={pfade.fall(sperre.fall)}>{findGevo(sperre.gevo)?.titel ?? sperre.gevo}</a>
        <small>
          {sperreText(sperre)}
          {supervisor && (
            <>
              {' · '}
              <a href={pfade.fallSperre(sperre.fall)}>
                Aufheben<span class="nur-vorlesen">: {findGevo(sperre.gevo)?.titel ?? sperre.gevo}</span>
              </a>
            </>
          )}
        </small>
      </li>
    ))}
  </ul>
)

/** What belongs to one event and is done does not come again; it would only fill the list. */
function kommtWieder({ sperre_bis: bis }: Sperre): boolean {
  return bis !== FUER_IMMER
}

export const Haushalt = ({ angehoerige, heute }: { angehoerige: readonly Angehoeriger[]; heute: string }) => (
  <section aria-labelledby="haushalt">
    <h2 id="haushalt">Haushalt und Beziehungen</h2>
    {angehoerige.length === 0 && <p class="hinweis">Niemand weiteres bekannt.</p>}
    <ul class="kurzliste">
      {angehoerige.map((a) => (
        <li>
          <a href={pfade.kunde(a.id)}>{nameListe(a)}</a>
          <small>
            {[beziehung(a), alterText(a.geburtsdatum, heute), mehrzahl(a.vertraege, 'Vertrag', 'Verträge', 'kein Vertrag')]
              .filter(Boolean)
              .join(' · ')}
            {!a.imHaushalt && ' · eigener Haushalt'}
          </small>
        </li>
      ))}
    </ul>
  </section>
)

export const Einwilligungen = ({ kunde }: { kunde: Kundenakte }) => (
  <section aria-labelledby="einwilligungen">
    <h2 id="einwilligungen">Einwilligung in Werbung</h2>
    {kunde.werbewiderspruch_am && (
      <p>
        <Tag art="spaet">Widerspruch</Tag> gegen Werbung am {datum(kunde.werbewiderspruch_am)}
      </p>
    )}
    {kunde.einwilligungen.length === 0 && (
      <p class="hinweis">Keine Einwilligung erfasst. Werbung per Telefon, E-Mail oder Chat ist damit nicht erlaubt.</p>
    )}
    <ul class="kurzliste">
      {kunde.einwilligungen.map((e) => (
        <li>
          {KANAL[e.kanal]} {e.widerrufen_am ? <Tag>widerrufen am {datum(e.widerrufen_am)}</Tag> : <Tag art="fertig">erteilt</Tag>}
          <small>
            {datum(e.erteilt_am)} · {e.form}
            {e.letzte_nutzung_am && ` · zuletzt genutzt am ${datum(e.letzte_nutzung_am)}`}
          </small>
        </li>
      ))}
    </ul>
  </section>
)

/** Claim: the phone icon has a green tick when the customer may chat; here also what its other states mean. */
export const Portalzeile = ({ portal }: { portal: Portal }) => (
  <>
    <dt>Kundenportal</dt>
    <dd class="portal">
      <Handy portal={portal} /> {portal ? PORTAL[portal] : 'kein Zugang'}
    </dd>
  </>
)

const PORTAL = { AKTIV: 'aktiv, Kundenchat möglich', EINGELADEN: 'eingeladen, noch nicht angemeldet', GESPERRT: 'gesperrt' } as const

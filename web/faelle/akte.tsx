/** One Fall beside the list or as a page: what the call needs, why it exists, what happened, and one form. */
import type { Child } from 'hono/jsx'
import type { Fallakte } from '../../db/fallakte.ts'
import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { ERGEBNISSE, KANAELE, VORGANG } from '../../domain/ergebnisse.ts'
import { allowedActions } from '../../domain/fall.ts'
import { berlinTag } from '../../domain/kalender.ts'
import { ERWERBSSTATUS } from '../../domain/kunde.ts'
import { SPARTEN } from '../../domain/sparten.ts'
import { ZAHLUNGSWEISEN } from '../../domain/vertrag.ts'
import { katalog } from '../../gevos/katalog.ts'
import { alterText, datum, geld, mehrzahl, nameListe, tag, telefonLink, zeitpunkt } from '../format.ts'
import { versicherer } from '../kunden/worte.ts'
import { Zeitleiste } from '../kunden/zeitleiste.tsx'
import { pfade } from '../pfade.ts'
import { Handy, Tag, Taste } from '../teile.tsx'
import { Dreistrich } from './zeile.tsx'
import { Ruecknahme } from './ruecknahme.tsx'
import { ergebnisZeile, gevoTitel } from './worte.ts'

/** Shown at once; the whole timeline stands on the customer's page. */
export const VERLAUF = 6

export type Formularart = 'dokumentation' | 'anruf' | 'kontakt' | 'email' | 'wiedervorlage' | 'chat'

export interface Aktenansicht {
  akte: Fallakte
  zeitleiste: readonly Zeitleisteneintrag[]
  heute: string
  /** What stands below: one of the forms. */
  formular: Child
  /** Its save bar, always in sight. */
  fuss?: Child
  art: Formularart
}

export const Akte = ({ akte, zeitleiste, heute, formular, fuss, art }: Aktenansicht) => (
  <div class="akteninhalt" data-fall={akte.id} data-kunde={akte.kunde_id}>
    <div class="rollt" tabindex={0} role="group" aria-label="Angaben zum Fall">
      <Kopf akte={akte} heute={heute} />
      <Grund akte={akte} heute={heute} />
      <section>
        <Vertraege akte={akte} />
        <Wiedervorlagen akte={akte} heute={heute} />
        <details open={zeitleiste.length > 0 && zeitleiste.length <= 3}>
          <summary>Verlauf</summary>
          <Zeitleiste eintraege={zeitleiste.slice(0, VERLAUF)} />
          {zeitleiste.length > VERLAUF && <a href={`${pfade.kunde(akte.kunde_id)}?verlauf=ganz`}>Ganzer Verlauf in den Kundendaten</a>}
        </details>
      </section>
      {allowedActions(akte).documented.erlaubt ? (
        <section class="formular">
          <Formularwahl akte={akte} art={art} />
          {formular}
        </section>
      ) : (
        <Erledigt akte={akte} />
      )}
    </div>
    {allowedActions(akte).documented.erlaubt && fuss}
  </div>
)

const Kopf = ({ akte, heute }: { akte: Fallakte; heute: string }) => (
  <section class="fallkopf">
    <div class="zeile">
      <h2 id="akte-titel" tabindex={-1}>
        <a href={pfade.kunde(akte.kunde_id)}>{nameListe(akte)}</a>
        <Handy portal={akte.portal} />
      </h2>
      <Dreistrich fall={akte.id} />
    </div>
    <p class="hinweis">
      {[alterText(akte.geburtsdatum, heute), akte.beruf ?? (akte.erwerbsstatus ? ERWERBSSTATUS[akte.erwerbsstatus] : ''), akte.ort, akte.kundennummer]
        .filter(Boolean)
        .join(' · ')}
    </p>
    <div class="taten">
      {[akte.telefon, akte.mobil]
        .filter((nummer) => nummer !== null)
        .map((nummer) => (
          <a class="knopf" href={telefonLink(nummer)}>
            {nummer}
          </a>
        ))}
      {!akte.telefon && !akte.mobil && <span class="hinweis">Keine Telefonnummer bekannt.</span>}
      <span class="hinweis">{akte.email ?? 'Keine E-Mail-Adresse bekannt.'}</span>
    </div>
    {akte.werbewiderspruch_am && <Tag art="spaet">Werbung widersprochen am {datum(akte.werbewiderspruch_am)}</Tag>}
  </section>
)

/** Rule, predicate with the values read, what was unknown, what would make it go away, Frist. */
const Grund = ({ akte, heute }: { akte: Fallakte; heute: string }) => {
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
      <p class="grund">{gevo.erklaere(akte.befund, akte.unbekannt, akte.stichtag)}</p>
      <details>
        <summary>Warum es diesen Fall gibt</summary>
        <p>{gevo.grund}</p>
        <p>
          {gevo.ende === 'BEFUND_WEG'
            ? 'Der Fall endet von selbst in der Nacht, in der der Befund nicht mehr zutrifft und noch niemand daran gearbeitet hat.'
            : 'Vergeht die Frist, ohne dass dokumentiert wurde, bleibt der Fall überfällig stehen; er endet von selbst nur, wenn sein Grund wegfällt.'}
        </p>
        <p>
          Regel {gevo.code}, Regelstand {akte.regel_version}, gefunden am {datum(akte.stichtag)}
          {akte.bearbeiten_bis && `, bearbeiten bis ${datum(akte.bearbeiten_bis)}`}
          {akte.eskaliert_am && `, an den Supervisor gegeben am ${datum(akte.eskaliert_am)}`}.
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

const Vertraege = ({ akte }: { akte: Fallakte }) =>
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

const Wiedervorlagen = ({ akte, heute }: { akte: Fallakte; heute: string }) =>
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

/** The ways to go on from here; which one is open stands in the URL of its page. */
const Formularwahl = ({ akte, art }: { akte: Fallakte; art: Formularart }) => {
  const punkt = (name: Formularart, text: string, pfad: string, taste?: string) => (
    <a href={pfad} hx-get={pfad} hx-target="#akte" aria-current={art === name ? 'true' : undefined} aria-keyshortcuts={taste}>
      {text}
      {taste && <Taste>{taste}</Taste>}
    </a>
  )
  return (
    <nav class="formularwahl" aria-label="Was möchten Sie tun?">
      {punkt('dokumentation', akte.gevo === VORGANG ? 'Erledigen' : 'Dokumentieren', pfade.fallDokumentation(akte.id), 'd')}
      {punkt('anruf', 'Anruf vermerken', pfade.fallKontakt(akte.id, 'TELEFON'), 't')}
      {punkt('email', 'E-Mail', pfade.fallEmail(akte.id), 'm')}
      {punkt('wiedervorlage', 'Wiedervorlage', pfade.fallWiedervorlage(akte.id), 'v')}
      {punkt('kontakt', 'Brief', pfade.fallKontakt(akte.id, 'BRIEF'))}
      {punkt('kontakt', 'Gespräch', pfade.fallKontakt(akte.id, 'PERSOENLICH'))}
    </nav>
  )
}

const Erledigt = ({ akte }: { akte: Fallakte }) => (
  <section>
    <h2 id="doku-kopf" tabindex={-1}>
      {akte.status === 'DOKUMENTIERT' ? 'Dokumentiert' : 'Abgeschlossen'}
    </h2>
    <p>
      {ergebnisZeile(akte)}
      {akte.dokumentation?.kanal && ` · ${KANAELE[akte.dokumentation.kanal]}`}
    </p>
    {akte.dokumentation?.notiz && <p class="notiz">{akte.dokumentation.notiz}</p>}
    {akte.ergebnis === 'ANDERWEITIG_GEDECKT' && (
      <p>
        {ERGEBNISSE.ANDERWEITIG_GEDECKT}: <a href={`${pfade.vertragNeu(akte.kunde_id)}?fremd`}>Fremdvertrag anlegen</a>
      </p>
    )}
    {akte.offene_vorgaenge > 0 && <p>{mehrzahl(akte.offene_vorgaenge, 'Wiedervorlage bleibt', 'Wiedervorlagen bleiben')} offen.</p>}
    {akte.status === 'DOKUMENTIERT' ? (
      <Ruecknahme fall={akte} taste />
    ) : (
      <p class="hinweis">Der Fall „{gevoTitel(akte.gevo)}“ kann nicht mehr geändert werden.</p>
    )}
  </section>
)

/** Kundenchat is not there yet: it says so, with the way out. */
export const Chathinweis = ({ akte }: { akte: Fallakte }) => (
  <div class="doku">
    <h2 id="chat-kopf" tabindex={-1}>
      Kundenchat
    </h2>
    <p>
      Der Kundenchat kommt in einer späteren Fassung.{' '}
      {akte.portal === 'AKTIV'
        ? 'Der Zugang zum Kundenportal ist aktiv.'
        : akte.portal === 'EINGELADEN'
          ? 'Zum Kundenportal ist eingeladen, angemeldet hat sich noch niemand.'
          : 'Es gibt noch keinen Zugang zum Kundenportal.'}
    </p>
    <p>
      <a class="knopf" href={pfade.fallEmail(akte.id)} hx-get={pfade.fallEmail(akte.id)} hx-target="#akte">
        Stattdessen E-Mail schreiben
      </a>
    </p>
  </div>
)

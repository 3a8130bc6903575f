/** One Fall beside the list or as a page: what the call needs, why it exists, what happened, and one form. */
import type { Child } from 'hono/jsx'
import type { Fallakte } from '../../db/fallakte.ts'
import type { Zeitleisteneintrag } from '../../db/zeitleiste.ts'
import { ERGEBNISSE, KANAELE, VORGANG } from '../../domain/ergebnisse.ts'
import { allowedActions } from '../../domain/fall.ts'
import { ERWERBSSTATUS } from '../../domain/kunde.ts'
import { alterText, datum, mehrzahl, nameListe, telefonLink } from '../format.ts'
import { Zeitleiste } from '../kunden/zeitleiste.tsx'
import { pfade } from '../pfade.ts'
import { Handy, Tag, Taste } from '../teile.tsx'
import { Grund, Vertraege, Wiedervorlagen } from './akte-teile.tsx'
import { gefragt } from './gefragt.ts'
import { Dreistrich } from './zeile.tsx'
import { Ruecknahme } from './ruecknahme.tsx'
import { ergebnisZeile, gevoTitel } from './worte.ts'

/** Shown at once; the whole timeline stands on the customer's page. */
export const VERLAUF = 6

export type Formularart = 'dokumentation' | 'angaben' | 'anruf' | 'kontakt' | 'email' | 'wiedervorlage' | 'chat'

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
      <Dreistrich fall={akte.id} imPanel />
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

/** The ways to go on from here; which one is open stands in the URL of its page. */
const Formularwahl = ({ akte, art }: { akte: Fallakte; art: Formularart }) => {
  const punkt = (name: Formularart, text: string, pfad: string, taste?: string) => (
    <a href={`${pfad}#formularwahl`} hx-get={pfad} hx-target="#akte" aria-current={art === name ? 'true' : undefined} aria-keyshortcuts={taste}>
      {text}
      {taste && <Taste>{taste}</Taste>}
    </a>
  )
  return (
    <nav class="formularwahl" id="formularwahl" aria-label="Was möchten Sie tun?">
      {punkt('dokumentation', akte.gevo === VORGANG ? 'Erledigen' : 'Dokumentieren', pfade.fallDokumentation(akte.id), 'd')}
      {gefragt(akte).length > 0 && punkt('angaben', 'Angaben eintragen', pfade.fallAngaben(akte.id))}
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

import type { Mail, Postzeile } from '../../db/postausgang.ts'
import { SEITENLAENGE } from '../../db/arbeitsvorrat.ts'
import { mehrzahl, zahl, zeitpunkt } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Leer, Tag } from '../teile.tsx'
import { MAILARTEN, MAILSTATUS, mailfehler } from './worte.ts'

export const Postausgang = ({
  mails,
  gesamt,
  seite,
  heute,
  sendet,
}: {
  mails: readonly Postzeile[]
  gesamt: number
  seite: number
  heute: string
  sendet: boolean
}) => (
  <>
    <header>
      <h1>Postausgang</h1>
      <p>{mehrzahl(gesamt, 'E-Mail', 'E-Mails')}</p>
    </header>
    <p class="grund">
      {sendet
        ? 'E-Mails werden über Resend gesendet.'
        : 'Es ist kein Schlüssel für Resend eingerichtet: E-Mails werden abgelegt und nur hier gezeigt, niemand bekommt sie.'}
    </p>
    {gesamt === 0 ? (
      <Leer titel="Noch keine E-Mail." />
    ) : (
      <table class="faelle post">
        <caption class="nur-vorlesen">E-Mails, neueste zuerst</caption>
        <thead>
          <tr>
            <th scope="col">Betreff</th>
            <th scope="col">An</th>
            <th scope="col">Zustand</th>
            <th scope="col">Angelegt</th>
          </tr>
        </thead>
        <tbody>
          {mails.map((mail) => (
            <tr>
              <td>
                <a class="name" href={pfade.postausgangMail(mail.id)}>
                  {mail.betreff || 'ohne Betreff (Text entsteht beim Senden)'}
                </a>
                <small>
                  {MAILARTEN[mail.art]}
                  {mail.fehler && ` · ${mailfehler(mail.fehler)}`}
                </small>
              </td>
              <td class="kontakt">{mail.an}</td>
              <td class="kontakt">
                <Zustand status={mail.status} />
              </td>
              <td class="kontakt still">{zeitpunkt(mail.erstellt_am, heute)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
    {gesamt > SEITENLAENGE && (
      <nav class="blaettern" aria-label="Seiten">
        {seite > 1 && (
          <a class="knopf" rel="prev" href={`${pfade.postausgang()}?seite=${seite - 1}`}>
            Neuere
          </a>
        )}
        <span>
          {zahl((seite - 1) * SEITENLAENGE + 1)}–{zahl(Math.min(seite * SEITENLAENGE, gesamt))} von {zahl(gesamt)}
        </span>
        {seite * SEITENLAENGE < gesamt && (
          <a class="knopf" rel="next" href={`${pfade.postausgang()}?seite=${seite + 1}`}>
            Ältere
          </a>
        )}
      </nav>
    )}
  </>
)

export const Mailansicht = ({ mail, heute }: { mail: Mail; heute: string }) => (
  <>
    <header>
      <h1>{mail.betreff || 'ohne Betreff'}</h1>
      <p>
        <Zustand status={mail.status} />
      </p>
    </header>
    <dl class="blatt schmal">
      <dt>An</dt>
      <dd>{mail.an}</dd>
      <dt>Angelegt</dt>
      <dd>{zeitpunkt(mail.erstellt_am, heute)}</dd>
      {mail.gesendet_am && (
        <>
          <dt>Gesendet</dt>
          <dd>{zeitpunkt(mail.gesendet_am, heute)}</dd>
        </>
      )}
      {mail.fehler && (
        <>
          <dt>Fehler</dt>
          <dd>{mailfehler(mail.fehler)}</dd>
        </>
      )}
      {mail.fall_id && (
        <>
          <dt>Fall</dt>
          <dd>
            <a href={pfade.fall(mail.fall_id)}>öffnen</a>
          </dd>
        </>
      )}
    </dl>
    <pre class="brief">{mail.inhalt || 'Der Text entsteht beim Senden.'}</pre>
    <p>
      <a href={pfade.postausgang()}>Zum Postausgang</a>
    </p>
  </>
)

const Zustand = ({ status }: Pick<Mail, 'status'>) => (
  <Tag art={status === 'GESENDET' ? 'fertig' : status === 'FEHLER' ? 'spaet' : status === 'UNGEWISS' ? 'bald' : ''}>{MAILSTATUS[status]}</Tag>
)

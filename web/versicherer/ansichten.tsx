import type { Versicherer } from '../../db/versicherer.ts'
import { mehrzahl, zahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Fehlerliste, type Fehler, Feld, Leer, Tag, Verborgen } from '../teile.tsx'

interface ListeProps {
  liste: readonly Versicherer[]
  werte: Record<string, string>
  fehler: Fehler
}

export function Versichererliste({ liste, werte, fehler }: ListeProps) {
  return (
    <>
      <header>
        <h1>Versicherer</h1>
        <p id="ohne-namen">{ohneNamen(liste)}</p>
      </header>
      {liste.length === 0 ? (
        <Leer titel="Noch keine Versicherer">
          <p>Mit der ersten Lieferung stehen hier alle VU-Nummern, die in Ihren Verträgen vorkommen.</p>
        </Leer>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">VU-Nummer</th>
              <th scope="col" class="r">
                Verträge
              </th>
            </tr>
          </thead>
          <tbody>
            {liste.map((zeile) => (
              <Zeile zeile={zeile} />
            ))}
          </tbody>
        </table>
      )}
      <form method="post" action={pfade.versicherer()} class="schmal">
        <h2>Versicherer hinzufügen</h2>
        <Fehlerliste fehler={fehler} />
        <div class="felder">
          <Feld
            name="vu_nummer"
            label="VU-Nummer"
            wert={werte['vu_nummer']}
            fehler={fehler}
            inputmode="numeric"
            maxlength={5}
            autocomplete="off"
            pflicht
          />
          <Feld name="name" label="Name" wert={werte['name']} fehler={fehler} maxlength={100} autocomplete="off" pflicht />
        </div>
        <div class="taten">
          <button>Hinzufügen</button>
        </div>
      </form>
    </>
  )
}

export function ohneNamen(liste: readonly Versicherer[]): string {
  return mehrzahl(liste.filter(({ name }) => name === null).length, 'Nummer ohne Namen', 'Nummern ohne Namen', 'Alle Nummern haben einen Namen')
}

/** One number with its name, which can be changed in place. */
export function Zeile({ zeile: { vuNummer, name, vertraege }, getippt, fehler = {} }: { zeile: Versicherer; getippt?: string; fehler?: Fehler }) {
  const id = `vu-${vuNummer}`
  return (
    <tr id={id}>
      <td>
        <form method="post" action={pfade.versicherer()} class="inzeile" hx-post={pfade.versicherer()} hx-target="closest tr" hx-swap="outerHTML">
          <Verborgen felder={{ vu_nummer: vuNummer }} />
          <input
            type="text"
            id={`${id}-name`}
            name="name"
            value={getippt ?? name ?? ''}
            placeholder={`VU ${vuNummer}`}
            aria-label={`Name des Versicherers ${vuNummer}`}
            aria-invalid={fehler['name'] ? 'true' : undefined}
            aria-describedby={fehler['name'] ? `${id}-fehler` : undefined}
            maxlength={100}
            autocomplete="off"
            required
          />
          <button id={`${id}-knopf`} class="leise" aria-label={`Namen von VU ${vuNummer} speichern`}>
            Speichern
          </button>
          {name === null && <Tag art="bald">ohne Namen</Tag>}
        </form>
        {fehler['name'] && (
          <p class="fehler" id={`${id}-fehler`}>
            {fehler['name']}
          </p>
        )}
      </td>
      <td data-titel="VU">{vuNummer}</td>
      <td class="r" data-titel="Verträge">
        {zahl(vertraege)}
      </td>
    </tr>
  )
}

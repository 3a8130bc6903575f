import type { Quelle } from '../../db/importquellen.ts'
import type { Offenes } from '../../db/importe-zweifel.ts'
import { datum, mehrzahl } from '../format.ts'
import { pfade } from '../pfade.ts'
import { Auswahl, type Fehler, Feld, Leer } from '../teile.tsx'
import { Reiter } from './reiter.tsx'
import { UMFANG } from './worte.ts'

interface Ansicht {
  quellen: readonly Quelle[]
  offenes: Offenes
  /** Faults of one source's form, and what was typed there. */
  falsch: { id: number; name: string; fehler: Fehler } | null
}

/** Where deliveries come from: name, what they hold each time, the last ones. */
export const Quellen = ({ quellen, offenes, falsch }: Ansicht) => (
  <>
    <header>
      <h1>Quellen</h1>
      <p>Wer liefert, und was seine Lieferungen enthalten</p>
    </header>
    <Reiter aktiv="quellen" offenes={offenes} />
    {quellen.length === 0 && (
      <Leer titel="Noch keine Quelle">
        <p>Mit der ersten Lieferung eines Versicherers oder der ersten Tabelle entsteht eine.</p>
      </Leer>
    )}
    {quellen.map((q) => (
      <Eine quelle={q} falsch={falsch?.id === q.id ? falsch : null} />
    ))}
  </>
)

const Eine = ({ quelle: q, falsch }: { quelle: Quelle; falsch: Ansicht['falsch'] }) => (
  <form class="formular" method="post" action={pfade.importquelle(q.id)} id={`quelle-${q.id}`}>
    <h2>{q.name}</h2>
    <p class="hinweis">
      {[
        q.kennung.startsWith('GDV') ? q.kennung : 'Tabelle',
        mehrzahl(q.importe, 'Lieferung', 'Lieferungen'),
        q.letzter_stand && `letzter Stand ${datum(q.letzter_stand)}`,
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
    <div class="felder">
      <Feld name="name" label="Name" wert={falsch ? falsch.name : q.name} fehler={falsch?.fehler} form={`quelle-${q.id}`} maxlength={120} pflicht />
      <Auswahl
        name="liefert"
        label="Jede Lieferung enthält"
        hinweis="Nur in einem ganzen Bestand kann ein Vertrag fehlen."
        leer="je nach Inhalt beurteilen"
        wert={q.liefert}
        werte={[
          ['BESTAND', `den ${UMFANG.BESTAND.replace('ganzer', 'ganzen')}`],
          ['AENDERUNG', UMFANG.AENDERUNG],
        ]}
        form={`quelle-${q.id}`}
      />
    </div>
    {q.letzte.length > 0 && (
      <ul class="kurzliste">
        {q.letzte.map((i) => (
          <li>
            <a href={pfade.import(i.id)}>{i.datei}</a>
            <small>{[i.stand && `Stand ${datum(i.stand)}`, i.liefert && UMFANG[i.liefert]].filter(Boolean).join(' · ')}</small>
          </li>
        ))}
      </ul>
    )}
    <div class="taten">
      <button>Speichern</button>
    </div>
  </form>
)

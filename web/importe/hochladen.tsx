import { pfade } from '../pfade.ts'
import { type Fehler, Fehlerliste, Verborgen } from '../teile.tsx'
import { HOECHSTENS_BYTES, HOECHSTENS_DATEIEN } from './empfang.ts'
import { groesse } from './worte.ts'

/**
 * A file input with a place to drop files onto. What script adds (importe.js): dropping, the list of what was chosen with a word on each
 * file, how far the upload is. Without it the browser does it all.
 */
export const Hochladen = ({ fehler }: { fehler: Fehler }) => (
  <form
    class="formular hochladen"
    id="hochladen"
    method="post"
    enctype="multipart/form-data"
    action={pfade.importe()}
    data-hoechstens={String(HOECHSTENS_BYTES)}
    data-dateien={String(HOECHSTENS_DATEIEN)}
  >
    <Verborgen felder={{ aktion: crypto.randomUUID() }} />
    <Fehlerliste fehler={fehler} />
    <div class="feld ablage" data-ablage>
      <label for="feld-datei">Neue Lieferungen</label>
      <p class="hinweis" id="feld-datei-hinweis">
        GDV-Dateien und Tabellen (CSV, Excel), wie sie geliefert werden, eine oder mehrere; zusammen höchstens {groesse(HOECHSTENS_BYTES)}.
        <span data-ziehen hidden>
          {' '}
          Sie können sie auch hierher ziehen.
        </span>
      </p>
      <input
        type="file"
        id="feld-datei"
        name="datei"
        multiple
        required
        aria-describedby={fehler['datei'] ? 'feld-datei-hinweis feld-datei-fehler' : 'feld-datei-hinweis'}
        aria-invalid={fehler['datei'] ? 'true' : undefined}
      />
      {fehler['datei'] && (
        <p class="fehler" id="feld-datei-fehler">
          {fehler['datei']}
        </p>
      )}
      <ul class="gewaehlte" data-gewaehlte aria-label="Gewählte Dateien" hidden />
    </div>
    <div class="taten">
      <button class="haupt" data-einlesen>
        Einlesen
      </button>
      <progress data-fortschritt max="100" value="0" aria-label="Hochgeladen" hidden />
      <span role="status" class="hinweis" data-lage />
    </div>
  </form>
)

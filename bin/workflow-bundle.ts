/** The workflows as the one piece of code that Temporal's worker runs. Bundling takes a third of a start: what was bundled is kept. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { DefaultLogger, type WorkflowBundle, bundleWorkflowCode } from '@temporalio/worker'

export const PAYLOAD_CONVERTER = file('../workflows/payload-converter.ts')
const ART = 'workflows-'

export async function bundleWorkflows(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath: file('../workflows/index.ts'),
    payloadConverterPath: PAYLOAD_CONVERTER,
    logger: new DefaultLogger('WARN'),
  })
}

/** The bundle of these very sources out of `ordner`, else a new one, which is put there (where that is possible). */
export async function loadWorkflows(ordner: string): Promise<{ code: string }> {
  const datei = path.join(ordner, `${ART}${hash(sources())}.js`)
  const vorhanden = readBundle(datei)
  if (vorhanden !== null) return { code: vorhanden }
  const { code } = await bundleWorkflows()
  try {
    mkdirSync(ordner, { recursive: true, mode: 0o700 })
    for (const alt of readdirSync(ordner)) if (alt.startsWith(ART)) rmSync(path.join(ordner, alt))
    writeFileSync(`${datei}.${process.pid}`, `${hash(code)}\n${code}`)
    renameSync(`${datei}.${process.pid}`, datei)
  } catch {
    // A full disk or somebody else's folder: then the next start bundles again.
  }
  return { code }
}

/** Null where there is none, or one that is not whole. */
function readBundle(datei: string): string | null {
  try {
    const [pruefsumme = '', ...code] = readFileSync(datei, 'utf8').split('\n')
    return hash(code.join('\n')) === pruefsumme ? code.join('\n') : null
  } catch {
    return null
  }
}

/** Everything a bundle is made of: our own modules and the versions of all others. */
function sources(): string {
  const eigene = ['workflows', 'domain'].flatMap((raum) =>
    readdirSync(file(`../${raum}`))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `../${raum}/${name}`),
  )
  return [...eigene.toSorted(), '../package-lock.json'].map((name) => `${name}\n${readFileSync(file(name), 'utf8')}`).join('\n')
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** A real browser: `chromium` on PATH, else the one that npm brings. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const REGELN = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What npm's browser is started with for servers without memory, and no person's is: without web security a page's requests bear no Origin. */
const UNUEBLICH = ['--single-process', '--disable-web-security']

export const BREIT = { width: 1280, height: 800 }
export const HANDY = { width: 390, height: 760 }

export async function startBrowser(): Promise<Browser> {
  const vorhanden = findOnPath('chromium')
  return vorhanden
    ? playwright.launch({ executablePath: vorhanden, args: ['--no-sandbox'] })
    : playwright.launch({
        executablePath: await chromium.executablePath(),
        args: [...chromium.args.filter((arg) => !UNUEBLICH.includes(arg)), '--no-sandbox'],
      })
}

export interface Ansicht {
  viewport?: { width: number; height: number }
  dunkel?: boolean
  javaScript?: boolean
  /** Begins as the person of this session (`insertVermittler(…).token`). */
  token?: string
}

/** A window of its own at `origin`, with its own cookies. */
export async function openFenster(browser: Browser, origin: string, ansicht: Ansicht = {}): Promise<BrowserContext> {
  const { viewport = BREIT, dunkel = false, javaScript = true, token } = ansicht
  const context = await browser.newContext({
    baseURL: origin,
    viewport,
    colorScheme: dunkel ? 'dark' : 'light',
    javaScriptEnabled: javaScript,
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
    hasTouch: viewport.width < 600,
    isMobile: viewport.width < 600,
  })
  if (token) await context.addCookies([{ name: 'sitzung', value: token, url: origin, httpOnly: true, sameSite: 'Lax' }])
  return context
}

/** What axe finds wrong, one line per rule and place; empty is the goal. The page's own CSP stays in force. */
export async function axe(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: AXE })
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ runOnly: ${JSON.stringify(REGELN)} }).then((r) => JSON.stringify(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' – ' + n.failureSummary.replace(/\\s+/g, ' ')))))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  return JSON.parse(String(result.value))
}

/** Stores a picture as `.data/bilder/<name>.png` and returns its path. */
export async function foto(page: Page, name: string, { ganz = false } = {}): Promise<string> {
  const ordner = path.join(import.meta.dirname, '../../.data/bilder')
  mkdirSync(ordner, { recursive: true })
  const datei = path.join(ordner, `${name}.png`)
  await page.screenshot({ path: datei, fullPage: ganz })
  return datei
}

/** Errors of the page and refusals of its CSP, collected from now on. */
export function watchFehler(page: Page): string[] {
  const fehler: string[] = []
  page.on('pageerror', (error) => fehler.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') fehler.push(message.text())
  })
  return fehler
}

function findOnPath(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined
  } catch {
    return undefined
  }
}

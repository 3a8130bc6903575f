/** The Temporal server as an office with a cluster runs it: on PostgreSQL, built once from the Go proxy; on demand with a store that fails by chance. */
import { execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Client } from '@temporalio/client'
import pg from 'pg'
import { end } from '../../bin/kinder.ts'
import { freePort } from '../../bin/ports.ts'
import { startPostgres } from '../../bin/postgres.ts'
import { CACHE } from '../../bin/temporal-finden.ts'
import { NAMESPACE } from '../../bin/temporal.ts'
import { connectClient, ensureSearchAttributes } from '../../relay/temporal.ts'
import type { TemporalStart } from './anlage.ts'
import { goProgramm } from './toxiproxy.ts'

const VERSION = 'v1.32.0'
const ORDNER = path.join(CACHE, '..', `temporal-server-${VERSION.slice(1)}`)
const PASSWORD = 'nur-fuer-stoerungen-und-nirgends-sonst'
const READY_MS = 120_000
const DATENBANKEN = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' }

/**
 * Of every ten writes about one comes back as an error, every third of those after it was carried out: the shares Temporal's own tests use.
 * https://github.com/temporalio/temporal/blob/v1.32.0/config/development-cass-es-fi.yaml
 */
const FEHLER = {
  targets: {
    dataStores: {
      ExecutionStore: {
        methods: {
          CreateWorkflowExecution: { errors: { ResourceExhausted: 0.05, Timeout: 0.05, ExecuteAndTimeout: 0.05 } },
          UpdateWorkflowExecution: { errors: { ResourceExhausted: 0.1, Timeout: 0.05, ExecuteAndTimeout: 0.05 } },
          GetWorkflowExecution: { errors: { ResourceExhausted: 0.05, Timeout: 0.05 } },
          GetCurrentExecution: { errors: { ResourceExhausted: 0.05, Timeout: 0.05 } },
          AppendHistoryNodes: { errors: { ResourceExhausted: 0.05, Timeout: 0.05, ExecuteAndTimeout: 0.05 } },
          ReadHistoryBranch: { errors: { ResourceExhausted: 0.05, Timeout: 0.1 } },
        },
      },
    },
  },
}

/** What a start in production gives time for and tests do not: a new search attribute is known at once. */
const DYNAMISCH = {
  'system.forceSearchAttributesCacheRefreshOnRead': [{ value: true }],
  'system.namespaceCacheRefreshInterval': [{ value: '1s' }],
  'frontend.namespaceRPS.visibility': [{ value: 100 }],
}

/** PostgreSQL and schema stand from the first start on and outlive the server's deaths. */
export function echterServer({ fehler = false, namespace = NAMESPACE as string | null } = {}): TemporalStart {
  let ports: number[] | undefined
  return async ({ dir, port }) => {
    mkdirSync(dir, { recursive: true, mode: 0o755 })
    const programm = await goProgramm(`go.temporal.io/server/cmd/server@${VERSION}`, path.join(ORDNER, 'server'))
    const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: PASSWORD, database: 'temporal' })
    await setUpSchema(dir, postgres)
    ports ??= await Promise.all(Array.from({ length: 7 }, freePort))
    const datei = path.join(dir, 'server.json')
    writeFileSync(path.join(dir, 'dynamisch.json'), JSON.stringify(DYNAMISCH))
    writeFileSync(datei, JSON.stringify(einstellungen(dir, port, ports, postgres.port, fehler), null, 2))

    const out = openSync(path.join(dir, 'temporal.log'), 'a')
    const child = spawn(programm, ['--config-file', datei, '--allow-no-auth', 'start'], { stdio: ['ignore', out, out], cwd: dir, detached: true })
    closeSync(out)
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ? `Signal ${signal}` : `Code ${code}`)).once('error', (error) => resolve(error.message))
    })
    const stop = async (): Promise<void> => {
      await end(child, ended, 20_000)
      await postgres.stop().catch(() => undefined)
    }
    const client = connectClient({ connectionOptions: { address: `127.0.0.1:${port}` }, namespace: namespace ?? 'default' })
    try {
      await bereite(client, namespace, () => child.exitCode !== null || child.signalCode !== null)
    } finally {
      await client.connection.close()
    }
    return { pid: child.pid!, ended, stop }
  }
}

/** YAML takes JSON. */
function einstellungen(dir: string, port: number, ports: readonly number[], pgPort: number, fehler: boolean): object {
  const sql = (databaseName: string, maxConns: number): object => ({
    pluginName: 'postgres12',
    databaseName,
    connectAddr: `127.0.0.1:${pgPort}`,
    connectProtocol: 'tcp',
    user: 'vm_owner',
    password: PASSWORD,
    maxConns,
    maxIdleConns: maxConns,
    maxConnLifetime: '1h',
  })
  const [matching, history, worker, ...mitglieder] = ports
  const dienst = (grpcPort: number, nr: number): object => ({ rpc: { grpcPort, membershipPort: mitglieder[nr], bindOnLocalHost: true } })
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'fall',
      visibilityStore: 'sicht',
      numHistoryShards: 4,
      datastores: { fall: { sql: sql('temporal', 20), ...(fehler && { faultInjection: FEHLER }) }, sicht: { sql: sql('temporal_visibility', 10) } },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: dienst(port, 0), matching: dienst(matching!, 1), history: dienst(history!, 2), worker: dienst(worker!, 3) },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${port}` } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: path.join(dir, 'dynamisch.json'), pollInterval: '60s' },
  }
}

async function setUpSchema(dir: string, { port, url }: { port: number; url: string }): Promise<void> {
  const fertig = path.join(dir, 'schema-fertig')
  if (existsSync(fertig)) return
  const werkzeug = await goProgramm(`go.temporal.io/server/cmd/tools/sql@${VERSION}`, path.join(ORDNER, 'sql'))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE DATABASE temporal_visibility')
  await client.end()
  for (const [datenbank, schema] of Object.entries(DATENBANKEN)) {
    const wo = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', String(port), '-u', 'vm_owner', '--pw', PASSWORD, '--db', datenbank]
    await promisify(execFile)(werkzeug, [...wo, 'setup-schema', '-v', '0.0'])
    await promisify(execFile)(werkzeug, [...wo, 'update-schema', '--schema-name', schema])
  }
  writeFileSync(fertig, '')
}

/** Until the server answers; then the namespace with its search attributes, where one is wanted. */
async function bereite(client: Client, namespace: string | null, isGone: () => boolean): Promise<void> {
  const versuche = async (): Promise<void> => {
    if (namespace === null) return void (await client.workflowService.getSystemInfo({}))
    await client.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: (90 * 86_400) as never } })
      .catch((error: { code?: number }) => {
        if (error.code !== ALREADY_EXISTS) throw error
      })
    await ensureSearchAttributes(client)
  }
  for (const late = Date.now() + READY_MS; ;) {
    try {
      return await client.withDeadline(Date.now() + 10_000, versuche)
    } catch (error) {
      if (isGone() || Date.now() > late) throw error
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
}

/** https://grpc.io/docs/guides/status-codes */
const ALREADY_EXISTS = 6

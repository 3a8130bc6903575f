/** Errors are cut before they leave an activity: PostgreSQL quotes the values of a row, and Temporal never forgets. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { codeOf } from '../db/fehler.ts'
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker'

const cutErrors: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input)
    } catch (error) {
      if (error instanceof ApplicationFailure || error instanceof CancelledFailure) throw error
      throw cut(error)
    }
  },
}
export const activityInterceptors: ActivityInterceptorsFactory[] = [() => ({ inbound: cutErrors })]

function cut(error: unknown): ApplicationFailure {
  const code = codeOf(error)
  const failure = ApplicationFailure.create({ message: code, type: code })
  const places = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
  failure.stack = [code, ...places].join('\n')
  return failure
}

/**
 * JSON as always, but what cannot be decoded is `undefined` instead of an error: an error while decoding a signal sent by hand
 * would stop the workflow for ever, before its own parser could refuse it.
 */
import { type Payload, type PayloadConverter, defaultPayloadConverter } from '@temporalio/common'

export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload)
    } catch {
      return undefined as T
    }
  },
}

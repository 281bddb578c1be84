// QUALITY H2: what reaches the upstream is one request, framed as meant, or nothing; what a body hides never becomes a request.
import { requestChunks } from './corpus/request-chunks.ts'
import { requestFraming } from './corpus/request-framing.ts'
import { testHostileRequests } from './support/hostile-requests.ts'

testHostileRequests([...requestFraming, ...requestChunks])

// QUALITY H1: a malformed request is answered by rule, and neither the process nor any other stream is harmed by it.
import { requestExpectations } from './corpus/request-expectations.ts'
import { requestFields } from './corpus/request-fields.ts'
import { requestLines } from './corpus/request-lines.ts'
import { requestTargets } from './corpus/request-targets.ts'
import { testHostileRequests } from './support/hostile-requests.ts'

testHostileRequests([...requestLines, ...requestTargets, ...requestFields, ...requestExpectations])

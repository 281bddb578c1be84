#!/usr/bin/env node
import './compat.ts'
import '../proxy-core/cli/sluice.ts'
